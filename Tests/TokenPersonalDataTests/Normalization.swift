// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Foundation's normalization, as another implementation to compare with.
extension String {
    var precomposed: String { precomposedStringWithCanonicalMapping }
    var decomposed: String { decomposedStringWithCanonicalMapping }
}
