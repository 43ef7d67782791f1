// SPDX-License-Identifier: Apache-2.0
@testable import TokenPrivacy

/// Policies for the tests, as JSON with one entry a line so that lines can be counted.
enum Sample {
    static let issue = """
        "issue": {"issuer": "https://tokens.internal.example", "audience": "https://orders.internal.example"}
        """

    /// A policy whose `claims` block starts on line 5: the first claim given stands on line 6.
    static func json(
        claims: [String], issue: String = Sample.issue, more: String = "\"unlisted\": \"drop\""
    ) -> String {
        """
        {"version": 1,
        "tenant": "acme",
        \(more),
        \(issue),
        "claims": {
        \(claims.joined(separator: ",\n"))
        }}
        """
    }

    static func policy(
        claims: [String], issue: String = Sample.issue, more: String = "\"unlisted\": \"drop\""
    ) throws -> Policy {
        try policy(json(claims: claims, issue: issue, more: more))
    }

    static func policy(_ json: String) throws -> Policy {
        try Policy.compile(PolicyNode.parse(json: Array(json.utf8).span))
    }

    /// The error a policy gives, or nil when it compiles.
    static func error(_ json: String) -> PolicyError? {
        do {
            _ = try policy(json)
            return nil
        } catch {
            return error as? PolicyError
        }
    }
}
