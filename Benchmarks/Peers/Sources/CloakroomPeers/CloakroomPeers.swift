// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Times other libraries over the benchmark's inputs: by turns with the engine when the benchmark asks (`--serve`), or
/// alone.
@main
struct CloakroomPeers {
    static let help = """
        usage: cloakroom-peers --inputs FILE [--serve | --json FILE] [--filter TEXT]
          --inputs FILE   what `cloakroom-bench --write-inputs FILE` wrote
          --serve         answer the benchmark's requests on standard input
          --json FILE     time everything alone and write the results; ratios need the engine, so see --peers there
        """

    // Away from the main actor: a hop from the main thread to the pool would be charged to the peers that are actors.
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let code = await Task.detached { await run(arguments) }.value
        exit(code)
    }

    private static func run(_ arguments: [String]) async -> Int32 {
        func value(_ name: String) -> String? {
            arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
        }
        guard let path = value("--inputs") else {
            print(help)
            return 64
        }
        guard let inputs = PeerInputs(path: path) else {
            FileHandle.standardError.write(Data("peers: cannot read \(path)\n".utf8))
            return 66
        }
        let filter = value("--filter")
        let peers = await PeerList.make(inputs).filter { peer in filter.map { peer.key.contains($0) } ?? true }
        if arguments.contains("--serve") {
            await PeerServer(peers).serve()
            return 0
        }
        return await PeerReport(peers).run(json: value("--json"))
    }
}
