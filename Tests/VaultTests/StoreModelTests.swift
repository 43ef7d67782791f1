// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPrivacy
import VaultSQLite
import VaultTestSupport

@Suite struct StoreModelTests {
    @Test("SQLite gives the answers of the in-memory reference", arguments: 0..<12)
    func sqliteAgrees(_ seed: Int) throws {
        let folder = try VaultFolder()
        let store = try folder.makeStore()
        var model = StoreModel(store, seed: UInt64(seed))
        try model.run(400)
        #expect(model.difference == nil)
    }
}
