import Gateway

/// What providers say against rooms, as problems: our code, and the provider's beside it.
enum RoomProblems {
    static let off = Problem(
        409, "video_off",
        "No channel makes rooms. Add one under 'channels:' in channels.yaml, such as video: { adapter: video, "
            + "provider: twilio }.")
    static let absent = Problem(404, "not_found", "No running room has this name.")

    static func problem(_ error: ProviderError) -> Problem {
        switch error.code {
        case "no_room": return absent
        case "no_answer": return unavailable(error.failure)
        case "refused": return error.failure.map(refused) ?? unavailable(nil)
        case "bad_answer":
            return Problem(502, "provider_answer", "The provider's answer cannot be read: \(error.message).")
        case "missing_api_key":
            return Problem(
                409, "api_key_missing",
                "Tokens are signed with an API key. Set 'api_key_sid' and 'api_key_secret' of the video channel's entry "
                    + "under 'providers:' in channels.yaml.")
        default: return Problem(422, error.code, "The provider cannot do this: \(error.message).")
        }
    }

    /// A request that was surely not carried out.
    static func refused(_ failure: ProviderFailure) -> Problem {
        var problem: Problem
        switch failure.failureClass {
        case .rateLimited:
            problem = Problem(503, "provider_busy", "The provider asks to slow down; try again.")
            problem.retryAfter = seconds(failure)
        case .unavailable: return unavailable(failure)
        case .auth:
            problem = Problem(
                502, "provider_auth", "The provider refuses the credentials under 'providers:' in channels.yaml.")
        default: problem = Problem(422, "provider_refused", "The provider refuses this.")
        }
        problem.providerCode = code(failure.code)
        return problem
    }

    /// Nothing is known of the request but that the provider did not confirm it.
    static func unavailable(_ failure: ProviderFailure?) -> Problem {
        var problem = Problem(503, "provider_unavailable", "The provider does not answer as it should; try again.")
        problem.retryAfter = failure.map(seconds) ?? usualPause
        problem.providerCode = code(failure?.code ?? 0)
        return problem
    }

    private static let usualPause = 5

    private static func seconds(_ failure: ProviderFailure) -> Int {
        guard case .after(let wait?) = failure.advice else { return usualPause }
        return max(1, Int(clamping: wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)))
    }

    private static func code(_ code: Int32) -> Int? { code == 0 ? nil : Int(code) }
}
