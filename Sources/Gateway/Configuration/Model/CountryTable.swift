/// What is known of countries beside their numbers.
///
/// All of it is from section 3.3 of the research that the requirements name as their source ('Twilio APIs for InfraFabric
/// Integration', 14 November 2025). Only countries that it names are here: where it says 'most of Europe' or 'most of South
/// America', nobody is meant for certain. It says nothing of alphanumeric senders, so neither does this.
public enum CountryTable {
    /// How well texts arrive: 1 from 99.5 %, 2 from 95 %, 3 from 90 %; `nil` for a country that the source does not name.
    ///
    /// Greece (97.2 %) and Croatia (96.5 %) are in tier 2 by their figures.
    public static func tier(of country: String?) -> Int? {
        guard let country else { return nil }
        return tiers.firstIndex { $0.contains(country) }.map { $0 + 1 }
    }

    private static let tiers: [Set<String>] = [
        ["US", "CA", "GB", "FR", "DE", "ES", "IT", "CH", "AU", "NZ", "SG", "HK", "JP", "KR"],
        ["AE", "IL", "SA", "ZA", "NG", "BR", "MX", "AR", "GR", "HR"],
        ["TH", "VN", "MY", "CN", "IN", "PK"],
    ]

    /// Whether sanctions of the United States, where the provider sits, restrict the access to a country. The source lists
    /// 'US, Iran, North Korea, Syria, Cuba'; the first of them is who sanctions the others.
    public static func isSanctioned(_ country: String?) -> Bool {
        country.map { ["IR", "KP", "SY", "CU"].contains($0) } ?? false
    }

    /// Whether a sender must be a number of the country itself.
    public static func needsLocalNumber(_ country: String?) -> Bool {
        country.map { ["DE", "FR"].contains($0) } ?? false
    }
}
