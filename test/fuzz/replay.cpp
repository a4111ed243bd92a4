// SPDX-License-Identifier: MIT
// Runs a fuzz target once over every seed of a folder, and over each seed cut short and with a byte changed.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}
}  // namespace

int main(int argc, char** argv) {
  int seeds = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator{argc > 1 ? argv[1] : "."}) {
    if (!file.is_regular_file()) continue;
    std::ifstream in{file.path(), std::ios::binary};
    const std::string seed{std::istreambuf_iterator<char>{in}, {}};
    ++seeds;
    run(seed);
    const std::size_t step = seed.size() / 40 + 1;
    for (std::size_t cut = 0; cut < seed.size(); cut += step) {
      run(seed.substr(0, cut));
      std::string flipped = seed;
      flipped[cut] = static_cast<char>(flipped[cut] ^ 0x41);
      run(flipped);
    }
  }
  std::printf("%d seeds\n", seeds);
  return seeds > 0 ? 0 : 1;
}
