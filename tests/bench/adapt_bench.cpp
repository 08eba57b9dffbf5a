// Few-shot adapters at size: lix_adapt_bench CASE [FOLDER], CASE one of knn, tip, half, search, protocol. Where a
// folder is given, inputs and answers are written there for peer_adapt.py, which times others on the same numbers.
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "adapt/linear.h"
#include "adapt/nearest.h"
#include "base/random.h"
#include "study/few_shot/few_shot.h"

namespace {
using namespace lix;
namespace fs = std::filesystem;

constexpr std::size_t kColumns = 512;

struct Seconds {
  double cpu = 0.0, wall = 0.0;
};

double statusMiB(const char* key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) {
      return std::strtod(line.c_str() + std::strlen(key) + 1, nullptr) / 1024;
    }
  }
  return 0.0;
}

Seconds now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return {static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec),
          std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count()};
}

/// Seconds of one call, with the resident memory that it took beyond what stood before.
Seconds timed(const char* what, const std::function<void()>& work) {
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak starts anew from here
  const double before = statusMiB("VmRSS");
  const Seconds start = now();
  work();
  const Seconds end = now();
  const Seconds spent{end.cpu - start.cpu, end.wall - start.wall};
  std::printf("%-46s %9.3f s CPU %9.3f s wall %8.0f MiB more\n", what, spent.cpu, spent.wall,
              std::max(0.0, statusMiB("VmHWM") - before));
  return spent;
}

/// Unit rows around one centre for each class; row i is of class i % classes.
std::vector<float> rows(std::size_t count, std::size_t classes, double spread, std::uint64_t seed) {
  std::vector<float> out(count * kColumns);
  for (std::size_t i = 0; i < count; ++i) {
    Random centre(7, 0, i % classes), around(seed, 1, i);
    const auto row = std::span(out).subspan(i * kColumns, kColumns);
    for (float& value : row) {
      value = static_cast<float>(centre.normal() + spread * around.normal());
    }
    adapt::normalise(row);
  }
  return out;
}

std::vector<int> labels(std::size_t count, std::size_t classes) {
  std::vector<int> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<int>(i % classes);
  }
  return out;
}

adapt::Matrix matrix(const std::vector<float>& values) { return {values, values.size() / kColumns, kColumns}; }

template <class T>
void keep(const fs::path& folder, const char* name, const std::vector<T>& values) {
  if (!folder.empty()) {
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
  }
}

void keepSeconds(const fs::path& folder, const char* name, Seconds seconds, const std::string& more = "") {
  if (!folder.empty()) {
    std::ofstream(folder / name) << seconds.cpu << ' ' << seconds.wall << ' ' << more << '\n';
  }
}

struct Large {
  std::vector<float> queries = rows(50'000, 1'000, 3.0, 1);
  std::vector<float> keys = rows(32'000, 1'000, 3.0, 2);

  void keepIn(const fs::path& folder) const {
    keep(folder, "queries.f32", queries);
    keep(folder, "keys.f32", keys);
  }
};

void knn(const fs::path& folder) {
  constexpr std::size_t kNeighbours = 16;
  const Large data;
  data.keepIn(folder);
  std::vector<std::uint32_t> found(50'000 * kNeighbours);
  const Seconds seconds = timed("16 neighbours, 50,000 x 32,000 x 512", [&] {
    adapt::nearest(matrix(data.queries), adapt::PackedRows(matrix(data.keys)), kNeighbours,
                   [&](std::size_t query, std::span<const adapt::Neighbour> neighbours) {
                     std::ranges::transform(neighbours,
                                            found.begin() + static_cast<std::ptrdiff_t>(query * kNeighbours),
                                            &adapt::Neighbour::row);
                   });
  });
  keep(folder, "neighbours.u32", found);
  keepSeconds(folder, "knn.txt", seconds);
}

void tip(const fs::path& folder) {
  const Large data;
  const std::vector<float> text = rows(1'000, 1'000, 1.0, 3);
  const std::vector<int> classes = labels(32'000, 1'000);
  data.keepIn(folder);
  keep(folder, "text.f32", text);
  const adapt::Task task{{matrix(data.keys), classes}, {}, matrix(text), 1'000, 100.f};
  std::vector<float> logits;
  const Seconds seconds = timed("Tip-Adapter, 50,000 x 32,000 x 512, 1,000 classes", [&] {
    logits =
        (*(*adapt::find("tip-adapter"))->fit(task, {{"alpha", 1.17}, {"beta", 5.5}}))->logits(matrix(data.queries));
  });
  logits.resize(100 * 1'000);
  keep(folder, "tip_logits.f32", logits);
  keepSeconds(folder, "tip.txt", seconds);
}

void half(const fs::path& folder) {
  constexpr std::size_t kRows = 1'000'000;
  const fs::path file = (folder.empty() ? fs::temp_directory_path() : folder) / "lix_half_vectors.bin";
  {
    std::ofstream out(file, std::ios::binary);
    Random random(5, 0);
    std::vector<std::uint16_t> block(kColumns * 1'000);
    for (std::size_t i = 0; i < kRows; i += 1'000) {
      for (std::size_t k = 0; k < block.size(); k += 4) {  // signs and fractions as drawn, sizes from 2^-7 to 2^-3
        const std::uint64_t bits = random.next();
        for (std::size_t j = 0; j < 4; ++j) {
          const auto drawn = static_cast<std::uint16_t>(bits >> (16 * j));
          block[k + j] = static_cast<std::uint16_t>((drawn & 0x8fffu) | 0x2000u);
        }
      }
      out.write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(block.size() * 2));
    }
  }
  const int descriptor = open(file.c_str(), O_RDONLY);
  constexpr std::size_t kBytes = kRows * kColumns * 2;
  void* mapped = descriptor < 0 ? MAP_FAILED : mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) {
    std::puts("the file of half floats could not be mapped");
    return;
  }
  const adapt::HalfMatrix keys{{static_cast<const std::uint16_t*>(mapped), kRows * kColumns}, kRows, kColumns};
  const std::vector<float> query = rows(1, 1, 1.0, 6);
  std::vector<double> wall;
  for (int run = 0; run < 9; ++run) {
    const char* what = run == 0 ? "10 of 1,000,000 x 512 half floats, first touch" : "the same, warm";
    const double spent = timed(what, [&] { adapt::nearest(query, keys, 10); }).wall;
    if (run > 0) {
      wall.push_back(spent);
    }
  }
  std::ranges::sort(wall);
  std::printf("warm: best %.0f ms, median %.0f ms\n", 1e3 * wall.front(), 1e3 * wall[wall.size() / 2]);
  munmap(mapped, kBytes);
  close(descriptor);
  fs::remove(file);
}

void search(const fs::path& folder) {
  const std::vector<float> support = rows(16'000, 1'000, 3.0, 1), validation = rows(1'000, 1'000, 3.0, 2),
                           text = rows(1'000, 1'000, 4.0, 3);
  const std::vector<int> supportLabels = labels(16'000, 1'000), validationLabels = labels(1'000, 1'000);
  keep(folder, "support.f32", support);
  keep(folder, "validation.f32", validation);
  keep(folder, "search_text.f32", text);
  const adapt::Task task{
      {matrix(support), supportLabels}, {matrix(validation), validationLabels}, matrix(text), 1'000, 10.f};
  ParamValues found;
  const Seconds seconds = timed("search of 200 x 20, 16,000 keys, 1,000 pictures",
                                [&] { found = (*(*adapt::find("tip-adapter-x"))->fit(task, {}))->settings(); });
  char text3[96];
  std::snprintf(text3, sizeof text3, "%.9g %.9g %.9g", std::get<double>(found.at("alpha")),
                std::get<double>(found.at("beta")), std::get<double>(found.at("validation_accuracy")));
  std::printf("alpha, beta, accuracy: %s\n", text3);
  keepSeconds(folder, "search.txt", seconds, text3);
}

void protocol(const fs::path&) {
  constexpr std::size_t kClasses = 100;
  const std::vector<float> pool = rows(40 * kClasses, kClasses, 3.0, 1), queries = rows(10'000, kClasses, 3.0, 2),
                           text = rows(kClasses, kClasses, 4.0, 3);
  const std::vector<int> poolLabels = labels(40 * kClasses, kClasses), queryLabels = labels(10'000, kClasses);
  study::FewShotData data{
      .pool = {matrix(pool), poolLabels}, .query = {matrix(queries), queryLabels}, .text = matrix(text)};
  for (std::size_t c = 0; c < kClasses; ++c) {
    data.classNames.push_back("class " + std::to_string(c));
  }
  study::FewShotSettings settings;
  settings.adapters = {{"prototype", {}, ""}, {"tip-adapter-x", {}, ""}};
  for (const char* vote : {"plurality", "softmax", "exponential"}) {
    settings.adapters.push_back({"knn", {{"vote", std::string(vote)}}, vote});
  }
  timed("6 shot counts x 5 draws x 5 adapters, 10,000", [&] {
    const auto result = study::evaluateFewShot(data, settings);
    std::printf("%zu points\n", result ? result->points.size() : 0);
  });
}

}  // namespace

int main(int count, char** arguments) {
  struct Case {
    const char* name;
    void (*run)(const fs::path&);
  };
  constexpr Case kCases[] = {{"knn", knn}, {"tip", tip}, {"half", half}, {"search", search}, {"protocol", protocol}};
  const char* policy = std::getenv("OMP_WAIT_POLICY");
  std::printf("threads %u, OMP_WAIT_POLICY %s\n", adapt::workers(1e12), policy ? policy : "not set");
  for (const Case& one : kCases) {
    if (count < 2 || std::strcmp(arguments[1], one.name) == 0) {
      one.run(count > 2 ? arguments[2] : "");
    }
  }
}
