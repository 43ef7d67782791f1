// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The checks between a key's numbers and an OpenSSL key. Sizes are bounded before any arithmetic, so that hostile
/// keys cost microseconds (CVE-2023-6237 was an unbounded check of RSA keys).
extension KeyMaterial {
    /// Checks the numbers and imports them. Not for secrets.
    func makeHandle() throws(KeyError) -> KeyHandle {
        switch kind {
        case .rsa: try makeRSA()
        case .elliptic(let curve): try makeElliptic(curve)
        case .ed25519, .x25519: try makeOctetKeyPair()
        case .secret: throw .unsupportedKeyType
        }
    }

    private func makeRSA() throws(KeyError) -> KeyHandle {
        let n = bytes.span.extracting(try required(.n))
        let e = bytes.span.extracting(try required(.e))
        // Base64urlUInt has no leading zero (RFC 7518 section 2).
        guard n.count > 0, e.count > 0, n[0] != 0, e[0] != 0 else { throw .malformedMember }
        guard (KeyLimits.modulusBitCountMin...KeyLimits.modulusBitCountMax).contains(BigEndian.bitCount(n)) else {
            throw .modulusSize
        }
        guard n[n.count - 1] & 1 == 1 else { throw .modulusEven }
        guard !RSAModulusRules.isWeak(n) else { throw .modulusWeak }
        guard BigEndian.bitCount(e) <= KeyLimits.exponentBitCountMax, e[e.count - 1] & 1 == 1,
            e.count > 1 || e[0] >= 3
        else { throw .exponent }
        let list = ParameterList(valueByteCount: bytes.count + 16)
        list.append("n", number: n)
        list.append("e", number: e)
        if let d = self[.d] {
            let hasPrimes = try checkRSAPrivate()
            list.append("d", number: bytes.span.extracting(d))
            if hasPrimes {
                list.append("rsa-factor1", number: bytes.span.extracting(try required(.p)))
                list.append("rsa-factor2", number: bytes.span.extracting(try required(.q)))
                list.append("rsa-exponent1", number: bytes.span.extracting(try required(.dp)))
                list.append("rsa-exponent2", number: bytes.span.extracting(try required(.dq)))
                list.append("rsa-coefficient1", number: bytes.span.extracting(try required(.qi)))
            }
        }
        guard let handle = list.makeKey(type: "RSA", isPrivate: self[.d] != nil) else { throw .backend }
        return handle
    }

    /// Checks an RSA private part against its public part. Returns whether the primes are there; without them
    /// (RFC 7518 section 6.3.2 allows `d` alone) one private operation is tried instead.
    private func checkRSAPrivate() throws(KeyError) -> Bool {
        let optional: [Field] = [.p, .q, .dp, .dq, .qi]
        var present = 0
        for field in optional where self[field] != nil { present += 1 }
        guard present == 0 || present == optional.count else { throw .missingMember }
        for field in optional + [.d] {
            guard let range = self[field] else { continue }
            guard range.count > 0 else { throw .malformedMember }
            guard range.count <= KeyLimits.modulusBitCountMax / 8 else { throw .privateKeyMismatch }
        }
        guard let checks = NumberChecks() else { throw .backend }
        let n = try number(.n)
        let e = try number(.e)
        let d = try number(.d)
        guard checks.isLess(d, n) else { throw .privateKeyMismatch }
        guard present > 0 else {
            guard checks.isRoundTrip(e: e, d: d, n: n) else { throw .privateKeyMismatch }
            return false
        }
        let p = try number(.p)
        let q = try number(.q)
        guard checks.isLess(p, n), checks.isLess(q, n), checks.isProduct(p, q, of: n),
            checks.areInverse(e, d, moduloPredecessorOf: p), checks.areInverse(e, d, moduloPredecessorOf: q),
            checks.isRemainder(try number(.dp), of: d, moduloPredecessorOf: p),
            checks.isRemainder(try number(.dq), of: d, moduloPredecessorOf: q),
            checks.areInverse(q, try number(.qi), modulo: p)
        else { throw .privateKeyMismatch }
        return true
    }

    private func number(_ field: Field) throws(KeyError) -> BigNumber {
        guard let number = BigNumber(bytes.span.extracting(try required(field))) else { throw .backend }
        return number
    }

    private func makeElliptic(_ curve: EllipticCurve) throws(KeyError) -> KeyHandle {
        var point = ByteScratch(capacity: 160)
        point.append(4)
        if let d = self[.d] {
            guard d.count == curve.byteCount else { throw .coordinateLength }
            guard BigEndian.isScalar(bytes.span.extracting(d), below: curve.order.span) else {
                throw .privateKeyMismatch
            }
            try curve.appendPublicPoint(of: bytes.span.extracting(d), to: &point)
        }
        if let x = self[.x], let y = self[.y] {
            guard x.count == curve.byteCount, y.count == curve.byteCount else { throw .coordinateLength }
            var given = ByteScratch(capacity: 160)
            given.append(4)
            given.append(bytes.span.extracting(x))
            given.append(bytes.span.extracting(y))
            if self[.d] != nil {
                guard given.span.equals(point.span) else { throw .privateKeyMismatch }
            }
            point = given
        } else if self[.x] != nil || self[.y] != nil || self[.d] == nil {
            throw .missingMember
        }
        let list = ParameterList(valueByteCount: bytes.count + point.count + 16)
        list.append("group", text: curve.name)
        list.append("pub", bytes: point.span)
        if let d = self[.d] { list.append("priv", number: bytes.span.extracting(d)) }
        // The import decodes the point, which checks that it is on the curve; infinity has no such encoding. The
        // cofactor is 1, so no further subgroup check is needed (RFC 8725 section 3.4).
        guard let handle = list.makeKey(type: "EC", isPrivate: self[.d] != nil) else { throw .pointNotOnCurve }
        return handle
    }

    /// The keys of RFC 8037: 32 raw bytes, public and private.
    private func makeOctetKeyPair() throws(KeyError) -> KeyHandle {
        let type: StaticString = kind == .ed25519 ? "ED25519" : "X25519"
        if let x = self[.x] {
            guard x.count == 32 else { throw .coordinateLength }
            guard kind == .x25519 || Ed25519Encoding.isAcceptable(bytes.span.extracting(x)) else {
                throw .pointNotAllowed
            }
        }
        guard let d = self[.d] else {
            let x = try required(.x)
            guard let handle = KeyHandle.octetKey(type, bytes.span.extracting(x), isPrivate: false) else {
                throw .pointNotOnCurve
            }
            return handle
        }
        guard d.count == 32 else { throw .coordinateLength }
        guard let handle = KeyHandle.octetKey(type, bytes.span.extracting(d), isPrivate: true) else { throw .backend }
        if let x = self[.x] {
            var derived = ByteScratch(capacity: 32)
            try handle.appendRaw32(isPrivate: false, to: &derived)
            guard derived.span.equals(bytes.span.extracting(x)) else { throw .privateKeyMismatch }
        }
        return handle
    }
}
