import HTTP

/// The pages behind an acknowledgement link: plain HTML without scripts, so that they work everywhere.
enum AcknowledgementPage {
    static let question = page(
        200, "Confirm", "Please confirm that you have seen this alert.",
        "<form method=\"post\"><button type=\"submit\">Confirm</button></form>")
    static let thanks = page(200, "Confirmed", "Thank you. The alert is confirmed.", "")
    static let unknown = page(404, "Unknown link", "This link is not valid, or has ended.", "")
    static let ended = page(410, "Link has ended", "This link was for a while, which is over.", "")
    static let again = page(503, "Try again", "This did not work just now. Please try again in a minute.", "")

    /// A page of a title, a text and what a person can do; each is HTML of ours.
    static func page(_ status: Int, _ title: String, _ text: String, _ form: String) -> HTTPResponse {
        let html = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(title)</title>\
            <meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">\
            <style>body{font:18px/1.5 sans-serif;margin:15vh auto;max-width:26em;padding:0 1em;text-align:center}\
            button{font:inherit;padding:.6em 2em}</style></head>\
            <body><h1>\(title)</h1><p>\(text)</p>\(form)</body></html>
            """
        let headers = HTTPHeaders([
            ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
            ("Referrer-Policy", "no-referrer"),
        ])
        return HTTPResponse(status: status, headers: headers, body: Array(html.utf8))
    }
}
