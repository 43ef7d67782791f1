// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import TokenVerify

@Suite struct VerificationCountsTests {
    @Test func positionsAreThoseOfTheList() {
        for (i, code) in RefusalCode.allCases.enumerated() { #expect(code.position == i) }
    }

    @Test func countsAddUpAndSaturate() {
        var counts = VerificationCounts()
        #expect(counts.isEmpty)
        counts.add([.refused(Refusal(.expired)), .refused(Refusal(.revoked)), .refused(Refusal(.expired))])
        counts.addAccepted(Int.max)
        counts.addAccepted()
        counts.add(.json, count: -1)
        var sum = VerificationCounts()
        sum.add(counts)
        sum.add(counts)
        #expect(sum.acceptedCount == Int.max)
        #expect(sum.refusedCount(.expired) == 4)
        #expect(sum.refusedCount(.revoked) == 2)
        #expect(sum.refusedCount(.json) == 0)
        sum.removeAll()
        #expect(sum.isEmpty)
        #expect(sum == VerificationCounts())
    }
}
