import PhoneNumbers
import Zones

/// Why a number cannot be written to.
public struct NumberRefusal: Error, Sendable, Hashable {
    /// Stable, snake_case.
    public var code: String
    /// For a person; says what to do where there is something.
    public var message: String
}

extension ConfigurationDirectory {
    /// Whom a text as a number means: in an allowed country, and no premium or satellite range.
    /// - Parameter contact: the number's, if it has one.
    public func recipient(
        _ text: String, _ contact: ContactRecord?
    ) throws(NumberRefusal) -> ResolvedRecipient {
        let (number, country) = try check(text)
        let zone = contact?.timeZone ?? country.flatMap(ZoneCache.onlyZone) ?? defaultTimeZone
        var recipient = ResolvedRecipient(
            number: number.text, country: country, locale: contact?.locale ?? defaultLocale, timeZone: zone)
        recipient.contact = contact?.id
        recipient.contactName = contact?.name
        recipient.contactVerified =
            contact?.addresses.contains { $0.value == number.text && $0.verified } ?? false
        recipient.preferences = contact?.preferences
        return recipient
    }

    /// The number of a text that may be written to.
    public func check(_ text: String) throws(NumberRefusal) -> (number: E164, country: String?) {
        let number: E164
        do {
            number = try E164(parsing: text)
        } catch {
            throw NumberRefusal(code: "invalid_number", message: error.message)
        }
        let (country, range) = number.place
        guard !range.isRefused else {
            throw NumberRefusal(
                code: "refused_range", message: "premium, shared-cost and satellite numbers are always refused")
        }
        guard number.hasPossibleLength(in: country) else {
            throw NumberRefusal(
                code: "invalid_number", message: "the number is too short or too long for its country")
        }
        guard allows(country) else {
            if let country, configuration.countries.sanctioned.contains(country) {
                throw NumberRefusal(
                    code: "country_sanctioned",
                    message:
                        "numbers of \(country) are refused because of sanctions; see countries.sanctioned in channels.yaml"
                )
            }
            let country = country ?? "an unknown country"
            throw NumberRefusal(
                code: "country_not_allowed",
                message: "numbers of \(country) are not allowed; see countries.allow in channels.yaml")
        }
        return (number, country)
    }

    /// Whom a target means now; those without a phone number that may be written to are left out.
    public func people(
        of target: StepTarget, now: Timestamp, contact: (String) throws(StoreError) -> ContactRecord?
    ) throws(StoreError) -> [ResolvedRecipient] {
        var people: [ResolvedRecipient] = []
        for id in configuration.contacts(of: target, at: now) {
            guard let contact = try contact(id),
                let address = contact.addresses.first(where: { $0.kind == "phone" }),
                let person = try? recipient(address.value, contact)
            else { continue }
            people.append(person)
        }
        return people
    }

    /// What one attempt of a step over a sender of its list can cost at most, as it would be sent now.
    public func price(of job: DeliveryJob, step: Int, over sender: Int) -> Int64 {
        guard let chain = chain(job), let plan = plan(for: job), plan.steps.indices.contains(step),
            let content = content(of: job, step: step)
        else { return 0 }
        let prices = PriceBound(prices: chain.snapshot.prices, currency: chain.snapshot.currency)
        return prices.price(of: plan.steps[step].over(sender), text: content.text, country: job.recipient.country)
    }
}
