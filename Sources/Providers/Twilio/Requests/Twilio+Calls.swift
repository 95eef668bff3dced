import Forms
import Gateway

extension Twilio {
    /// `POST …/Calls.json`, on a connection of its own: a call must not be doubled.
    func request(for call: CallRequest) throws(ProviderError) -> ProviderRequest {
        guard !call.to.isEmpty, !call.from.isEmpty else {
            throw ProviderError("missing_number", "a call needs both numbers")
        }
        var form = FormWriter(capacity: 1_024)
        form.append("To", call.to)
        form.append("From", call.from)
        form.append("Url", links.document(CallAction(purpose: "alert", token: call.token, turn: "0")))
        form.append("Method", "POST")
        form.append("StatusCallback", links.callback(.call, token: call.token))
        form.append("StatusCallbackMethod", "POST")
        for event in ["initiated", "ringing", "answered", "completed"] { form.append("StatusCallbackEvent", event) }
        form.append("Timeout", String(min(max(call.ringTimeout.components.seconds, 5), 600)))
        form.append("TimeLimit", String(min(max(call.maxDuration.components.seconds, 5), 14_400)))
        if call.detectsMachine {
            // The early verdict, not the end of the greeting: the follow-up document must know it in time to leave
            // the message without details.
            form.append("MachineDetection", "Enable")
            form.append("AsyncAmd", "true")
            form.append("AsyncAmdStatusCallback", links.callback(.detection, token: call.token))
            form.append("AsyncAmdStatusCallbackMethod", "POST")
        }
        var request = post(endpoints.account + "/Calls.json", form)
        request.freshConnection = true
        return request
    }
}
