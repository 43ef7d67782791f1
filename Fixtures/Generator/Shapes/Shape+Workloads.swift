// SPDX-License-Identifier: Apache-2.0

// Tokens of machines: build jobs and pods.
extension Shape {
    // GitHub Actions: five minutes, `nbf` ten minutes before `iat`, every number as a string.
    static let githubActions = Shape(
        name: "github-actions", number: 16, issuer: .github, audiences: ["https://github.com/example-org"],
        types: ["JWT"], required: usualClaims, lifetimeSecondsMax: 900, policy: "github-actions.yaml",
        lifetime: { _ in 300 },
        header: { writer, facts in
            writer.string("typ", "JWT")
            writer.string("alg", facts.algorithm.rawValue)
            if let keyID = facts.keyID { writer.string("x5t", keyID) }
            writer.keyID(facts)
        }
    ) { writer, facts in
        let actor = facts.person.userName
        let repository = "example-org/" + facts.random.pick(["orders", "warehouse", "octo-automation"])
        let reference = facts.random.pick(["refs/heads/main", "refs/heads/release", "refs/pull/17/merge"])
        let sha = facts.random.hex(40)
        let workflow = "\(repository)/.github/workflows/deploy.yml@\(reference)"
        let hasEnvironment = facts.random.isOne(in: 3)
        writer.string("jti", facts.random.uuid())
        writer.personal("sub", "repo:\(repository):" + (hasEnvironment ? "environment:prod" : "ref:\(reference)"))
        if hasEnvironment { writer.string("environment", "prod") }
        writer.string("aud", "https://github.com/example-org")
        writer.string("ref", reference)
        writer.string("sha", sha)
        writer.string("repository", repository)
        writer.string("repository_owner", "example-org")
        writer.string("repository_owner_id", facts.random.digits(8))
        writer.string("run_id", facts.random.digits(11))
        writer.string("run_number", facts.random.digits(3))
        writer.string("run_attempt", facts.random.digits(1))
        writer.string("repository_visibility", facts.random.pick(["private", "internal"]))
        writer.string("repository_id", facts.random.digits(9))
        writer.personal("actor_id", facts.random.digits(8))
        writer.personal("actor", actor.value, marker: actor.marker)
        writer.string("workflow", "Deploy")
        writer.string("head_ref", "")
        writer.string("base_ref", "")
        writer.string("event_name", facts.random.pick(["push", "workflow_dispatch", "pull_request"]))
        writer.string("ref_protected", facts.random.pick(["true", "false"]))
        writer.string("ref_type", "branch")
        writer.string("workflow_ref", workflow)
        writer.string("workflow_sha", sha)
        writer.string("job_workflow_ref", workflow)
        writer.string("job_workflow_sha", sha)
        writer.string("runner_environment", "github-hosted")
        writer.string("iss", facts.issuer.url)
        writer.integer("nbf", facts.issuedAt - 600)
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
    }

    // Kubernetes bound service account tokens: no `typ`, names in alphabetical order, `aud` always an array.
    // Tokens that pods get by default are extended to one year and say in `warnafter` when they should go.
    static let kubernetes = Shape(
        name: "kubernetes", number: 17, issuer: .kubernetes,
        audiences: ["https://kubernetes.default.svc.cluster.local"], types: ["none"],
        required: usualClaims, lifetimeSecondsMax: 31_536_000, policy: "kubernetes.yaml",
        lifetime: { $0.isOne(in: 2) ? 31_536_000 : 3_607 },
        header: { writer, facts in
            writer.string("alg", facts.algorithm.rawValue)
            writer.keyID(facts)
        }
    ) { writer, facts in
        let isExtended = facts.expiresAt - facts.issuedAt > 86_400
        let space = facts.random.pick(["orders", "warehouse", "kube-system"])
        let account = facts.random.pick(["default", "orders-worker", "reporter"])
        let podMarker = facts.markers.next()
        writer.strings("aud", ["https://kubernetes.default.svc.cluster.local"])
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
        writer.string("iss", facts.issuer.url)
        writer.string("jti", facts.random.uuid())
        writer.object("kubernetes.io") { details in
            details.string("namespace", space)
            details.object("node") { node in
                node.string("name", "node-\(facts.random.below(40)).example.net")
                node.string("uid", facts.random.uuid())
            }
            details.object("pod") { pod in
                pod.personal("name", "\(account)-\(facts.random.lowercase(10))-\(podMarker)", marker: podMarker)
                pod.personal("uid", facts.random.uuid())
            }
            details.object("serviceaccount") { serviceAccount in
                serviceAccount.string("name", account)
                serviceAccount.personal("uid", facts.random.uuid())
            }
            if isExtended { details.integer("warnafter", facts.issuedAt + 3_607) }
        }
        writer.integer("nbf", facts.issuedAt)
        writer.personal("sub", "system:serviceaccount:\(space):\(account)")
    }
}
