// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Why a result file cannot be used.
package enum ResultFileError: Error, Equatable, Sendable {
    /// It cannot be read.
    case unreadable
    /// It cannot be written.
    case unwritable
    /// It does not have the form of a result file.
    case form
}

extension ResultFile {
    /// The file's bytes: JSON with sorted names and line breaks, so that two runs compare line by line.
    ///
    /// - Throws: ``ResultFileError/form`` when a figure is not finite.
    package func json() throws(ResultFileError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            var data = try encoder.encode(rounded)
            data.append(UInt8(ascii: "\n"))
            return data
        } catch {
            throw .form
        }
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: ``ResultFileError/form``.
    package init(json: Data) throws(ResultFileError) {
        do {
            self = try JSONDecoder().decode(ResultFile.self, from: json)
        } catch {
            throw .form
        }
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: ``ResultFileError/unreadable``, ``ResultFileError/form``.
    package init(path: String) throws(ResultFileError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable }
        try self.init(json: data)
    }

    /// Writes the file to `path`.
    ///
    /// - Throws: ``ResultFileError/unwritable``, ``ResultFileError/form``.
    package func write(to path: String) throws(ResultFileError) {
        let data = try json()
        guard FileManager.default.createFile(atPath: path, contents: data) else { throw .unwritable }
    }

    /// The same with figures cut to what they mean: four digits.
    private var rounded: ResultFile {
        var copy = self
        copy.machine.load = Self.round(machine.load)
        for index in copy.results.indices {
            copy.results[index].round(Self.round)
        }
        for index in copy.growth.indices {
            copy.growth[index].points = copy.growth[index].points.map {
                GrowthPoint(x: $0.x, ns: Self.round($0.ns))
            }
            copy.growth[index].exponent = copy.growth[index].exponent.map(Self.round)
        }
        return copy
    }

    private static func round(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        return Double(String(format: "%.4g", value)) ?? value
    }
}

extension BenchmarkResult {
    fileprivate mutating func round(_ cut: (Double) -> Double) {
        ns = OperationTimes(p50: cut(ns.p50), p99: cut(ns.p99), best: cut(ns.best))
        perSecond = cut(perSecond)
        bytesPerSecond = cut(bytesPerSecond)
        allocations = allocations.map(cut)
        opensslAllocations = opensslAllocations.map(cut)
        ratios = ratios.mapValues(cut)
        noise = noise.mapValues(cut)
        peers = peers.mapValues(cut)
    }
}
