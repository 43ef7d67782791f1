// SPDX-License-Identifier: Apache-2.0

/// Every statement of the store, prepared once a connection.
enum Query: Int, CaseIterable {
    case fact, writeFact, deleteFact
    case person, personID, addSecret, addPerson, deletePerson, eraseSecret, addTombstone, tombstone
    case persons, secret, replaceSecret
    case read, addRecord, expire, records
    case addAudit, audit
    case addRevocation, revocations, addClaim, forgetRevocations, forgetClaims

    var sql: StaticString {
        switch self {
        case .fact: "SELECT value FROM facts WHERE name = ?1"
        case .writeFact:
            "INSERT INTO facts(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value"
        case .deleteFact: "DELETE FROM facts WHERE name = ?1"
        case .person:
            "SELECT s.slot, s.secret FROM persons p JOIN secrets s ON s.slot = p.slot WHERE p.handle = ?1"
        case .personID: "SELECT substr(secret, 1, 16) FROM secrets WHERE slot = ?1"
        case .addSecret: "INSERT INTO secrets(secret) VALUES (?1)"
        case .addPerson: "INSERT INTO persons(handle, slot) VALUES (?1, ?2)"
        case .deletePerson: "DELETE FROM persons WHERE handle = ?1 RETURNING slot"
        // Same length: the bytes are overwritten where they stand.
        case .eraseSecret: "UPDATE secrets SET secret = zeroblob(96) WHERE slot = ?1"
        case .addTombstone:
            """
            INSERT INTO tombstones(handle, erased) VALUES (?1, ?2)
            ON CONFLICT(handle) DO UPDATE SET erased = excluded.erased
            """
        case .tombstone: "SELECT erased FROM tombstones WHERE handle = ?1"
        case .persons:
            "SELECT slot, secret FROM secrets WHERE slot >= ?1 AND secret <> zeroblob(96) ORDER BY slot LIMIT ?2"
        case .secret: "SELECT secret FROM secrets WHERE slot = ?1"
        case .replaceSecret: "UPDATE secrets SET secret = ?2 WHERE slot = ?1"
        case .read:
            """
            SELECT r.tag, r.data, s.secret FROM records r LEFT JOIN secrets s ON s.slot = r.slot WHERE r.place = ?1
            """
        case .addRecord: "INSERT INTO records(place, slot, tag, data) VALUES (?1, ?2, ?3, ?4)"
        case .expire:
            "DELETE FROM records WHERE place IN (SELECT place FROM records WHERE place < ?1 ORDER BY place LIMIT ?2)"
        case .records:
            """
            SELECT place, tag, data FROM records WHERE place >= ?1 AND slot IN (SELECT value FROM json_each(?2))
            ORDER BY place LIMIT ?3
            """
        case .addRevocation: "INSERT INTO revocations(until, entry) VALUES (?1, ?2)"
        case .revocations:
            "SELECT number, entry FROM revocations WHERE number > ?1 AND until > ?2 ORDER BY number LIMIT ?3"
        case .addClaim:
            """
            INSERT INTO claims(id, until) VALUES (?1, ?2)
            ON CONFLICT(id) DO UPDATE SET until = excluded.until WHERE claims.until <= ?3
            """
        case .forgetRevocations: "DELETE FROM revocations WHERE until <= ?1"
        case .forgetClaims: "DELETE FROM claims WHERE until <= ?1"
        case .addAudit: "INSERT INTO audit(number, entry) VALUES (?1, ?2)"
        case .audit: "SELECT number, entry FROM audit WHERE number >= ?1 ORDER BY number LIMIT ?2"
        }
    }
}
