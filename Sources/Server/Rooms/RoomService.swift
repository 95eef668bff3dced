import Gateway

/// Rooms at the provider. The provider's list is the truth; nothing of a room is stored here.
public struct RoomService: Sendable {
    private let exchange: @Sendable (ProviderRequest, @escaping @Sendable (ProviderAnswer) -> Void) -> Void

    /// What comes of a request; called on a loop.
    typealias Completion<Value> = @Sendable (Result<Value, Problem>) -> Void

    /// Rooms over the exchanges of the program.
    public init(exchanger: ProviderExchanger) { exchange = { exchanger.exchange($0, $1) } }

    /// A room that runs, and whether this request made it.
    struct Made: Sendable {
        var room: Room
        var isNew: Bool
    }

    /// Makes a room. A room of the name that runs already is answered instead; an unclear answer is settled by looking.
    func create(_ request: RoomRequest, _ route: RoomRoute, _ done: @escaping Completion<Made>) {
        var wire: ProviderRequest
        do throws(ProviderError) {
            wire = try route.provider.request(for: .room(request))
        } catch {
            done(.failure(RoomProblems.problem(error)))
            return
        }
        // A connection that the provider closed meanwhile would leave it open whether the room was made.
        wire.freshConnection = true
        exchange(wire) { answer in
            if let room = try? route.provider.roomResult(of: answer) {
                done(.success(Made(room: room, isNew: true)))
                return
            }
            switch route.provider.result(of: answer, for: .room(request)) {
            case .refused(let failure) where !route.provider.saysRoomExists(failure):
                done(.failure(RoomProblems.refused(failure)))
            case .refused(let failure): look(request.name, route, isNew: false, failure, done)
            case .accepted: look(request.name, route, isNew: true, nil, done)
            case .ambiguous(let code):
                look(request.name, route, isNew: true, ProviderFailure(.unavailable, .now, code: code), done)
            }
        }
    }

    /// Whether the room runs after all; without it, what was said against the request stands.
    private func look(
        _ name: String, _ route: RoomRoute, isNew: Bool, _ failure: ProviderFailure?,
        _ done: @escaping Completion<Made>
    ) {
        find(name, route) { result in
            switch result {
            case .success(let room): done(.success(Made(room: room, isNew: isNew)))
            case .failure: done(.failure(RoomProblems.unavailable(failure)))
            }
        }
    }

    /// The running room of a name.
    func find(_ name: String, _ route: RoomRoute, _ done: @escaping Completion<Room>) {
        exchange(route.provider.roomRequest(named: name)) { answer in
            done(Self.read { () throws(ProviderError) in try route.provider.roomResult(of: answer) })
        }
    }

    /// A page of running rooms.
    func list(limit: Int, cursor: String?, _ route: RoomRoute, _ done: @escaping Completion<RoomPage>) {
        exchange(route.provider.roomListRequest(limit: limit, cursor: cursor)) { answer in
            done(Self.read { () throws(ProviderError) in try route.provider.roomListResult(of: answer) })
        }
    }

    /// Ends a running room: everybody in it is out.
    func end(_ room: Room, _ route: RoomRoute, _ done: @escaping Completion<Room>) {
        exchange(route.provider.roomEndRequest(providerID: room.providerID)) { answer in
            done(Self.read { () throws(ProviderError) in try route.provider.roomResult(of: answer) })
        }
    }

    private static func read<Value>(_ body: () throws(ProviderError) -> Value) -> Result<Value, Problem> {
        do throws(ProviderError) {
            return .success(try body())
        } catch {
            return .failure(RoomProblems.problem(error))
        }
    }
}
