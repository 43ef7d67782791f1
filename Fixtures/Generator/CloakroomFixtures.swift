// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Makes the fixtures: keys once, the committed corpora again and again with the same bytes, larger corpora on
/// demand.
@main
struct CloakroomFixtures {
    static let help = """
        usage: CloakroomFixtures keys [--fixtures DIR]
               CloakroomFixtures corpora [--fixtures DIR] [--seed N]
               CloakroomFixtures --corpus NAME --alg ALG --count N [--from N] [--out FILE] [--markers FILE]
                                 [--invalid] [--seed N] [--fixtures DIR]
        DIR is the Fixtures folder, ./Fixtures when absent. FILE is - or absent for standard output.
        """

    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            switch error {
            case .usage: fail(help, 64)
            case .unreadable(let path): fail("cannot read \(path)", 66)
            case .unwritable(let path): fail("cannot write \(path)", 74)
            case .unusableKey(let path): fail("no usable keys in \(path)", 65)
            case .cryptography: fail("OpenSSL refused an operation", 70)
            }
        }
    }

    private static func run(_ arguments: [String]) throws(FixtureError) {
        switch arguments.first {
        case "keys":
            let options = try Options(arguments.dropFirst())
            var keys = KeyFiles(files: options.files)
            try keys.writeMissing()
        case "corpora":
            let options = try Options(arguments.dropFirst())
            let corpora = CorpusFiles(files: options.files, seed: options.seed)
            for shape in Shape.all {
                for file in try corpora.make(shape) where !isUpToDate(file, options.files) {
                    try options.files.write(file.bytes, to: file.path)
                }
            }
            try options.files.write(CorpusIndex.index(), to: "index.json")
        default:
            try stream(try Options(arguments[...]))
        }
    }

    /// Fresh ES256 signatures alone are no reason to replace a file.
    private static func isUpToDate(_ file: CorpusFile, _ files: FixtureFiles) -> Bool {
        guard let present = try? files.read(file.path) else { return false }
        return file.isEquivalent(to: present)
    }

    private static func stream(_ options: Options) throws(FixtureError) {
        guard let shape = Shape.all.first(where: { $0.name == options.corpus }),
            let algorithm = options.algorithm, options.count > 0
        else { throw .usage }
        var composer = try CorpusFiles(files: options.files, seed: options.seed).composer(shape, algorithm)
        var tokens = try LineWriter(path: options.out)
        var markers: LineWriter?
        if let path = options.markers { markers = try LineWriter(path: path) }
        let defects = Defect.all.filter { $0.applies(shape, algorithm) }
        for number in 0..<options.count {
            let index = options.from + number
            let token: ComposedToken
            if options.isInvalid {
                let defect = defects[index % defects.count]
                token = try composer.invalid(defect, index)
                try tokens.write(CorpusFiles.line(token, defect, algorithm).dropLast())
            } else {
                token = try composer.valid(index)
                try tokens.write(token.bytes)
            }
            try markers?.write(PersonalValue.line(token.personalValues, number: number + 1))
        }
        try tokens.flush()
        try markers?.flush()
    }

    private static func fail(_ message: String, _ code: Int32) -> Never {
        FileHandle.standardError.write(Data("fixtures: \(message)\n".utf8))
        exit(code)
    }
}

/// The command line's options.
struct Options {
    var files = FixtureFiles(root: "Fixtures")
    var seed = TokenComposer.committedSeed
    var corpus = ""
    var algorithm: FixtureAlgorithm?
    var count = 0
    var from = 0
    var out = "-"
    var markers: String?
    var isInvalid = false

    init(_ arguments: ArraySlice<String>) throws(FixtureError) {
        var rest = arguments
        while let name = rest.popFirst() {
            if name == "--invalid" {
                isInvalid = true
                continue
            }
            guard let value = rest.popFirst() else { throw .usage }
            switch name {
            case "--fixtures": files = FixtureFiles(root: value)
            case "--seed": seed = try Self.number(value)
            case "--corpus": corpus = value
            case "--alg": algorithm = FixtureAlgorithm(rawValue: value)
            case "--count": count = try Self.number(value)
            case "--from": from = try Self.number(value)
            case "--out": out = value
            case "--markers": markers = value
            default: throw .usage
            }
        }
        // Token numbers have 33 bits; see MarkerSource.
        guard (0..<1 << 32).contains(from), (0..<1 << 32).contains(count) else { throw .usage }
    }

    private static func number<Number: FixedWidthInteger>(_ text: String) throws(FixtureError) -> Number {
        guard let number = Number(text) else { throw .usage }
        return number
    }
}
