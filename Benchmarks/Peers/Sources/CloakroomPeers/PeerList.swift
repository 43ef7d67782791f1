// SPDX-License-Identifier: Apache-2.0

/// Every peer that is there, over the given inputs.
enum PeerList {
    static func make(_ inputs: PeerInputs) async -> [any Peer] {
        KnownHMAC.key = inputs.first("value-key")
        var peers: [any Peer] = await jwtKit(inputs)
        for key in ["pseudonym.raw/values-16-48", "pseudonym.text/values-16-48", "hmac.batch/batch-1024"] {
            peers.append(SwiftCryptoHMAC(key: key, inputs))
            if let peer = IPSecPeer(key: key, inputs) { peers.append(peer) }
        }
        for size in inputs.names("segment.") {
            for isDecoding in [true, false] {
                peers.append(FoundationBase64(size: size, isDecoding: isDecoding, inputs))
                if let peer = SimdutfPeer(size: size, isDecoding: isDecoding, inputs) { peers.append(peer) }
            }
        }
        for corpus in inputs.names("payload.") {
            peers.append(FoundationJSON(corpus: corpus, isSerialization: false, inputs))
            peers.append(FoundationJSON(corpus: corpus, isSerialization: true, inputs))
            if let peer = SimdjsonPeer(corpus: corpus, inputs) { peers.append(peer) }
        }
        return peers
    }

    private static func jwtKit(_ inputs: PeerInputs) async -> [any Peer] {
        var peers: [any Peer] = []
        for algorithm in ["hs256", "rs256", "ps256", "es256", "eddsa"] {
            guard let keys = await JWTKitKeys(inputs, algorithm: algorithm) else { continue }
            peers.append(JWTKitVerify(keys, inputs))
            if let sign = JWTKitSign(keys, inputs) { peers.append(sign) }
            guard algorithm == "hs256" else { continue }
            peers += [
                JWTKitVerify(keys, inputs, .mainActor), JWTKitExchange(keys, inputs),
                JWTKitExchange(keys, inputs, .mainActor),
            ]
        }
        return peers
    }
}
