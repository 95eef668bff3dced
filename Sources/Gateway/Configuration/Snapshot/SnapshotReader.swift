import JSON
import YAML

extension ConfigurationSnapshot {
    /// Reads what `bytes()` wrote. Names are not checked against anything: what is gone is the engine's business.
    public init(reading bytes: [UInt8]) throws(SnapshotError) {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: bytes)
        } catch {
            throw SnapshotError(
                code: "snapshot_" + error.code, message: "the stored snapshot is no JSON: \(error.message)")
        }
        guard root["format"]?.string == Self.format, let locale = root["default_locale"]?.string,
            let currency = root["currency"]?.string, let channels = root["channels"]?.object,
            ScalarText.isLocale(locale), Money("0 " + currency) != nil
        else {
            throw SnapshotError(code: "snapshot_format", message: "the stored snapshot is of a format unknown here")
        }
        defaultLocale = locale
        self.currency = currency
        self.channels = channels.members.map { member in
            Channel(
                name: member.key, kind: ChannelKind(rawValue: member.value["adapter"]?.string ?? ""),
                provider: member.value["provider"]?.string ?? "", sender: member.value["from"]?.string)
        }
        let session = Self.session(locale: locale, currency: currency, kinds: Self.kinds(in: root, self.channels))
        templates = TemplateSection(session: session).read(root["templates"].map { YAMLNode(json: $0) })
        policies = PolicySection(session: session).read(root["policies"].map { YAMLNode(json: $0) })
        prices = PriceSection(session: session).read(root["prices"].map { YAMLNode(json: $0) })
        if let first = session.diagnostics.first {
            throw SnapshotError(code: "snapshot_" + first.code, message: "the stored snapshot: " + first.message)
        }
    }

    /// Every kind that the snapshot names, also of adapters that are gone.
    private static func kinds(in root: JSONValue, _ channels: [Channel]) -> [ChannelKind] {
        var kinds = channels.map(\.kind)
        for template in root["templates"]?.object?.members ?? [] {
            kinds += (template.value.object?.members ?? []).map { ChannelKind(rawValue: $0.key) }
        }
        kinds += (root["prices"]?.object?.members ?? []).map { ChannelKind(rawValue: $0.key) }
        var unique: [ChannelKind] = []
        for kind in kinds where kind.rawValue != "text" && !unique.contains(kind) { unique.append(kind) }
        return unique
    }

    /// Checks were made when the file was accepted; here every channel can do everything.
    private static func session(locale: String, currency: String, kinds: [ChannelKind]) -> ReadingSession {
        var able = ChannelCapabilities(intrusiveness: .call, provesUpTo: .read)
        able.hasTemplates = true
        able.takesMedia = true
        let catalogue = AdapterCatalogue(
            channels: kinds.map { AdapterCatalogue.ChannelEntry(kind: $0, capabilities: able) }, providers: [],
            stores: [])
        let session = ReadingSession(
            file: "snapshot", environment: [:], readFile: { _ in [] }, catalogue: catalogue, isZone: { _ in true })
        session.replacesVariables = false
        session.defaultLocale = locale
        session.currency = currency
        return session
    }
}

extension YAMLNode {
    /// The same tree without places.
    init(json: JSONValue) {
        let mark = YAMLMark(line: 1, column: 1)
        switch json {
        case .string(let text): self.init(.scalar(text, isPlain: false), mark: mark)
        case .array(let items): self.init(.sequence(items.map { YAMLNode(json: $0) }), mark: mark)
        case .object(let object):
            let pairs = object.members.map { member in
                (
                    key: YAMLNode(.scalar(member.key, isPlain: false), mark: mark),
                    value: YAMLNode(json: member.value)
                )
            }
            self.init(.mapping(pairs), mark: mark)
        case .integer, .number, .bool, .null: self.init(.scalar(json.text, isPlain: false), mark: mark)
        }
    }
}
