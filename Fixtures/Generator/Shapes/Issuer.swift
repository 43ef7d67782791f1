// SPDX-License-Identifier: Apache-2.0

/// How an issuer names its signing keys.
package enum KeyIDForm: String, Sendable {
    /// 43 base64url characters, a SHA-256 value: Keycloak, Okta, Kubernetes.
    case base64URL43
    /// 27 base64url characters, the SHA-1 value that also stands in `x5t`: Entra ID, GitHub Actions.
    case base64URL27
    /// 21 base64url characters: Auth0.
    case base64URL21
    /// 43 base64 characters and one `=`: Cognito.
    case base64Padded
    /// 40 hexadecimal digits: Google, Firebase.
    case hexadecimal40
    /// Ten capitals and digits: Apple.
    case capitals10
    /// Eight letters and digits.
    case alphanumerics8
    /// No `kid` at all.
    case absent
}

/// Who signs: one key folder, one `iss` value, one form of `kid`.
package struct Issuer: Sendable {
    /// Folder under `Fixtures/keys`.
    package let name: String
    /// The `iss` value.
    package let url: String
    /// The form of its `kid`.
    package let keyIDForm: KeyIDForm

    /// Number of keys in the ring: two, so that `kid` matters, but one where tokens carry no `kid`.
    package var keyCount: Int { keyIDForm == .absent ? 1 : 2 }

    static let entraTenant = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"

    static let keycloak = Issuer("keycloak", "https://sso.example.com/realms/acme", .base64URL43)
    static let auth0 = Issuer("auth0", "https://login.acme.example.com/", .base64URL21)
    static let okta = Issuer("okta", "https://acme.okta.example.com/oauth2/default", .base64URL43)
    static let entraV1 = Issuer("entra-v1", "https://sts.windows.net/\(entraTenant)/", .base64URL27)
    static let entraV2 = Issuer("entra-v2", "https://login.microsoftonline.com/\(entraTenant)/v2.0", .base64URL27)
    static let cognito = Issuer(
        "cognito", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_ExampleID", .base64Padded)
    static let google = Issuer("google", "https://accounts.google.com", .hexadecimal40)
    static let apple = Issuer("apple", "https://appleid.apple.com", .capitals10)
    static let firebase = Issuer("firebase", "https://securetoken.google.com/acme-example", .hexadecimal40)
    static let github = Issuer("github-actions", "https://token.actions.githubusercontent.com", .base64URL27)
    static let kubernetes = Issuer("kubernetes", "https://kubernetes.default.svc.cluster.local", .base64URL43)
    static let rfc9068 = Issuer("rfc9068", "https://authorization-server.example.com/", .alphanumerics8)
    static let minimal = Issuer("minimal", "https://issuer.example.org", .absent)
    static let largeRoles = Issuer("large-roles", "https://sso.example.org/realms/enterprise", .base64URL43)

    /// Every issuer, in the order of the key folders.
    package static let all = [
        keycloak, auth0, okta, entraV1, entraV2, cognito, google, apple, firebase, github, kubernetes, rfc9068,
        minimal, largeRoles,
    ]

    private init(_ name: String, _ url: String, _ keyIDForm: KeyIDForm) {
        self.name = name
        self.url = url
        self.keyIDForm = keyIDForm
    }
}
