// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing
import TokenPrivacy
import VaultTestSupport

@Suite struct ConcurrencyTests {
    @Test("T101 the same person stored by many at once is one person", arguments: Engine.allCases)
    func samePerson(_ engine: Engine) throws {
        let vault = try VaultFolder(engine).make(VaultSamples.keys())
        let references = Mutex<[String]>([])
        Threads.run(8) { i in
            guard let reference = try? vault.store("v\(i)") else { return }
            references.withLock { $0.append(reference) }
        }
        let all = references.withLock { $0 }
        #expect(all.count == 8 && Set(all).count == 8)
        for reference in all {
            guard case .value = try vault.read(reference) else {
                Issue.record("a stored value is not there")
                return
            }
        }
        #expect(try vault.erase("ana").personCount == 1)
        for reference in all { #expect(try vault.read(reference) == .unavailable) }
    }

    @Test("T102 erasing while others read and write: after it returns nothing older is read", arguments: Engine.allCases)
    func eraseBeside(_ engine: Engine) throws {
        let folder = try VaultFolder(engine)
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys, VaultOptions(audit: .relaxed, resolvesPerMinute: nil))
        let stored = Mutex<[String]>([])
        let violations = Atomic(0)
        let failures = Atomic(0)
        Threads.run(6) { thread in
            for i in 0..<25 {
                do {
                    switch thread {
                    case 0:
                        let before = stored.withLock { $0 }
                        _ = try vault.erase("ana")
                        for reference in before where try vault.read(reference) != .unavailable {
                            violations.add(1, ordering: .relaxed)
                        }
                    case 1: _ = try vault.expire(now: VaultSamples.now - 1)
                    case 2, 3:
                        let reference = try vault.store("\(thread)-\(i)")
                        stored.withLock { $0.append(reference) }
                    default:
                        if let reference = stored.withLock({ $0.last }) { _ = try vault.read(reference) }
                    }
                } catch {
                    failures.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(violations.load(ordering: .relaxed) == 0)
        #expect(failures.load(ordering: .relaxed) == 0)
        #expect(try vault.verifyAudit().firstBadEntry == nil)
    }

    @Test("T105 a sweep under load serves nothing that has expired", arguments: Engine.allCases)
    func sweep(_ engine: Engine) throws {
        let vault = try VaultFolder(engine).make(VaultSamples.keys(), VaultOptions(audit: .off, resolvesPerMinute: nil))
        let now = VaultSamples.now
        let violations = Atomic(0)
        Threads.run(4) { thread in
            for i in 0..<60 {
                let time = now + Int64(i)
                if thread == 0 {
                    _ = try? vault.expire(now: time)
                } else if let reference = try? vault.store("x", expires: time + 1, now: time) {
                    let before = try? vault.read(reference, now: time)
                    let after = try? vault.read(reference, now: time + 1)
                    if before == .limited || after != .unavailable { violations.add(1, ordering: .relaxed) }
                }
            }
        }
        #expect(violations.load(ordering: .relaxed) == 0)
    }

    @Test("two openings of one file see each other", arguments: [2, 3])
    func twoProcesses(_ count: Int) throws {
        let folder = try VaultFolder()
        let keys = try VaultSamples.keys()
        let first = try folder.make(keys)
        let others = try (1..<count).map { _ in try folder.reopen(keys) }
        let reference = try first.store("x")
        for other in others { #expect(try other.read(reference) == .value("x")) }
        Threads.run(count) { i in
            for k in 0..<20 { _ = try? ([first] + others)[i].store("\(i)-\(k)", person: "p\(k)") }
        }
        for k in 0..<20 {
            let report = try first.report(first.handles("p\(k)"), actor: "t", now: VaultSamples.now)
            #expect(report.items.count == count)
        }
        #expect(try others[0].erase("ana").personCount == 1)
        #expect(try first.read(reference) == .unavailable)
        #expect(try first.verifyAudit().firstBadEntry == nil)
    }
}
