// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension SecretKeySet {
    /// Reads a JWK Set whose keys serve several uses, each told apart by its `alg`. Result i holds the keys of
    /// `algorithms[i]`; `"active":true` marks at most one key of each use, else the use's first key is active.
    ///
    /// One bad key spoils the set.
    /// - Throws: `KeyError` as ``parse(_:algorithm:)``; `.noKey` when one of the uses has no key, `.malformed` for a
    ///   single JWK, `.algorithmMismatch` for a key of another use.
    package static func parse(
        _ json: Span<UInt8>, algorithms: [SecretKeyAlgorithm]
    ) throws(KeyError) -> [SecretKeySet] {
        guard json.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var index = JSONIndex()
        do { try index.build(json, limits: KeyLimits.json) } catch { throw .malformed }
        let view = index.view(json)
        guard let list = view.member(of: 0, "keys"), view[list].valueKind == .array else { throw .malformed }
        var keys = [[SecretKey]](repeating: [], count: algorithms.count)
        var active = [Int?](repeating: nil, count: algorithms.count)
        var node = list + 1
        while node < view[list].subtreeEnd {
            guard view[node].valueKind == .object else { throw .malformed }
            guard view.member(of: node, "alg") != nil else { throw .missingAlgorithm }
            let isNamed = algorithms.indices.first { view.jwkMember(of: node, "alg", is: algorithms[$0].name) }
            guard let use = isNamed else { throw .algorithmMismatch }
            guard keys[use].count < KeyLimits.keyCountMax else { throw .tooLarge }
            if try isActive(view, key: node) {
                guard active[use] == nil else { throw .severalActive }
                active[use] = keys[use].count
            }
            keys[use].append(try parse(view, key: node, algorithm: algorithms[use]))
            node = view[node].subtreeEnd
        }
        var sets: [SecretKeySet] = []
        for use in algorithms.indices {
            sets.append(try SecretKeySet(keys: keys[use], activeIndex: active[use] ?? 0))
        }
        return sets
    }

    /// Appends one JWK Set with the keys of several uses, each use's active key marked. `output` should be a secret
    /// buffer.
    package static func writeJWKSet(_ sets: [SecretKeySet], into output: inout ByteScratch) {
        output.append("{\"keys\":[")
        var isFirst = true
        for set in sets {
            for i in set.keys.indices {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                set.keys[i].writeJWK(into: &output)
                guard i == set.activeIndex else { continue }
                output.truncate(to: output.count - 1)
                output.append(",\"active\":true}")
            }
        }
        output.append("]}")
    }
}
