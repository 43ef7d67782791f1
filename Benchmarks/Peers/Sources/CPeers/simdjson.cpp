// SPDX-License-Identifier: Apache-2.0
#include "CPeers.h"

#if __has_include(<simdjson.h>)

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

struct peer_simdjson {
    simdjson::ondemand::parser parser;
    std::vector<simdjson::padded_string> payloads;
    size_t next = 0;
};

#define PEER_TEXT(x) #x
#define PEER_EXPANDED(x) PEER_TEXT(x)

const char *peer_simdjson_version(void) {
#ifdef SIMDJSON_VERSION
    static const char text[] = PEER_EXPANDED(SIMDJSON_VERSION);
    return text;
#else
    return "unknown";
#endif
}

const char *peer_simdjson_kernel(void) {
    // Stage 1 is chosen at run time, On-Demand itself when this file is compiled.
    static const std::string name{std::string(simdjson::get_active_implementation()->name()) + "/" +
                                  PEER_EXPANDED(SIMDJSON_BUILTIN_IMPLEMENTATION)};
    return name.c_str();
}

peer_simdjson *peer_simdjson_new(const uint8_t *base, const uint32_t *offsets, size_t count) {
    auto *peer = new peer_simdjson;
    for (size_t i = 0; i < count; i++)
        peer->payloads.emplace_back(reinterpret_cast<const char *>(base) + offsets[i], offsets[i + 1] - offsets[i]);
    return peer;
}

// One pass over the members in document order, as On-Demand likes it best.
static double read(peer_simdjson *peer, const simdjson::padded_string &payload) {
    simdjson::ondemand::document document;
    if (peer->parser.iterate(payload).get(document)) return -1;
    simdjson::ondemand::object object;
    if (document.get_object().get(object)) return -1;
    double sum = 0;
    for (auto field : object) {
        std::string_view name;
        if (field.escaped_key().get(name)) return -1;
        if (name.size() != 3) continue;
        simdjson::ondemand::value value;
        if (field.value().get(value)) return -1;
        if (name == "exp" || name == "iat") {
            double number;
            if (value.get_double().get(number)) return -1;
            sum += number;
        } else if (name == "iss" || name == "sub") {
            std::string_view text;
            if (value.get_string().get(text)) return -1;
            sum += static_cast<double>(text.size());
        } else if (name == "aud") {
            std::string_view text;
            if (value.raw_json().get(text)) return -1;
            sum += static_cast<double>(text.size());
        }
    }
    return sum;
}

double peer_simdjson_run(peer_simdjson *peer, size_t iterations) {
    double sum = 0;
    for (size_t i = 0; i < iterations; i++) {
        double one = read(peer, peer->payloads[peer->next]);
        if (one < 0) return -1;
        sum += one;
        if (++peer->next == peer->payloads.size()) peer->next = 0;
    }
    return sum;
}

void peer_simdjson_free(peer_simdjson *peer) { delete peer; }

#else

const char *peer_simdjson_version(void) { return nullptr; }
const char *peer_simdjson_kernel(void) { return nullptr; }
peer_simdjson *peer_simdjson_new(const uint8_t *, const uint32_t *, size_t) { return nullptr; }
double peer_simdjson_run(peer_simdjson *, size_t) { return -1; }
void peer_simdjson_free(peer_simdjson *) {}

#endif
