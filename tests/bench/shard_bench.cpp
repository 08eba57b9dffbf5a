// Opening many shards: lix_shard_bench [SHARDS [SAMPLES [KILOBYTES [1]]]], 32 shards of 10000 samples of 30 KB where nothing is
// said; 320 10000 30 are 100 GB of tar (sparse, unless 1 is said: 13 GB of disk, in the temporary folder). Prints seconds, processor time and
// memory of a first opening, from the disk and from the page cache, and of those after it, which take the index.
// lix_shard_bench whole|small FOLDER decodes the pictures of shards, for webdataset.sh.
#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/random.h"
#include "base/text.h"
#include "data/open_kept.h"
#include "data/tar_bytes.h"
#include "support/support.h"

namespace lix::bench {
namespace {

struct Size {
  int shards = 32, samples = 10'000, kilobytes = 30, isDense = 0;
};

/// A shard as img2dataset writes it: KEY.jpg (a hole), KEY.json, KEY.txt. Its bytes, holes counted.
std::uint64_t writeShard(const std::filesystem::path& path, int shard, const Size& size) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  Random random(1, std::uint64_t(shard));
  std::uint64_t at = 0;
  std::string pending;
  const auto flush = [&] {
    if (::pwrite(file, pending.data(), pending.size(), off_t(at)) != ssize_t(pending.size())) {
      std::perror("pwrite");
      std::exit(1);
    }
    at += pending.size();
    pending.clear();
  };
  for (int i = 0; i < size.samples; ++i) {
    char key[16];
    std::snprintf(key, sizeof key, "%05d%04d", shard, i);
    const auto bytes = std::size_t(double(size.kilobytes) * 1024 * (0.5 + random.uniform()));
    pending += test::tarHeader(cat(key, ".jpg"), bytes);
    if (size.isDense != 0) {
      pending += std::string((bytes + 511) / 512 * 512, 'x');
    } else {
      flush();
      at += (bytes + 511) / 512 * 512;
    }
    const std::string caption = cat("picture ", i, " of shard ", shard, " with a caption of common length, as on the web");
    const std::string about = cat(R"({"caption": ")", caption, R"(", "url": "https://example.org/)", key,
                                  R"(.jpg", "key": ")", key, R"(", "status": "success", "error_message": null, "width": 512,
 "height": 384, "original_width": 1024, "original_height": 768, "exif": "{}", "sha256": "0123456789abcdef"})");
    pending += test::tarHeader(cat(key, ".json"), about.size()) + test::padded(about) +
               test::tarHeader(cat(key, ".txt"), caption.size()) + test::padded(caption);
    if (pending.size() > 1 << 22) {
      flush();
    }
  }
  pending += std::string(1024, '\0');
  flush();
  ::close(file);
  return at;
}

/// Takes the shards out of the page cache, so that the next reading waits for the disk.
void forget(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
}

double processorSeconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return double(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + 1e-6 * double(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/// A field of /proc/self/status in MB; writing 5 into clear_refs starts its peaks anew.
double megabytes(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) {
      return std::strtod(line.c_str() + std::char_traits<char>::length(field), nullptr) / 1024;
    }
  }
  return 0;
}

void openOnce(const char* what, const data::DatasetSpec& spec, const std::filesystem::path& cache) {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;
  const double processor = processorSeconds(), before = megabytes("VmRSS:");
  const auto start = std::chrono::steady_clock::now();
  const auto dataset = data::open(spec, "bench", data::Keeping{cache});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!dataset) {
    std::printf("%s\n", dataset.error().message.c_str());
    std::exit(1);
  }
  std::printf("%-28s %8zu samples  %6.2f s  %6.2f s of processor  %6.0f MB at most, %6.0f MB kept\n", what,
              dataset->samples.size(), seconds, processorSeconds() - processor, megabytes("VmHWM:") - before,
              megabytes("VmRSS:") - before);
  std::fflush(stdout);
}

/// Opens shards and decodes every picture on this thread, for training at 224 x 224 or whole; pictures per second of processor.
int decodeAll(const std::string& folder, bool isSmall) {
  const double start = processorSeconds();
  const auto dataset = data::open({.kind = "shards", .path = folder}, "bench");
  if (!dataset) {
    std::printf("%s\n", dataset.error().message.c_str());
    return 1;
  }
  constexpr int kSide = 224;
  std::size_t pixels = 0;
  for (std::size_t i = 0; i < dataset->samples.size(); ++i) {
    const auto image = isSmall ? dataset->pictures->loadSmall(i, kSide) : dataset->pictures->load(i);
    pixels += isSmall ? imaging::resize(*image, kSide, kSide, imaging::Filter::Bicubic).pixels.size() : image->pixels.size();
  }
  std::printf("%.1f\n", double(dataset->samples.size()) / (processorSeconds() - start));
  return pixels == 0 ? 1 : 0;
}

}  // namespace
}  // namespace lix::bench

int main(int count, char** words) {
  using namespace lix;
  if (const std::string mode = count == 3 ? words[1] : ""; mode == "whole" || mode == "small") {
    return bench::decodeAll(words[2], mode == "small");
  }
  bench::Size size;
  int* const fields[] = {&size.shards, &size.samples, &size.kilobytes, &size.isDense};
  for (int i = 1; i < count && i <= 4; ++i) {
    *fields[i - 1] = std::atoi(words[i]);
  }
  const test::TemporaryFolder folder;
  const auto shards = folder / "shards", cache = folder / "cache";
  std::filesystem::create_directories(shards);
  double bytes = 0;
  for (int shard = 0; shard < size.shards; ++shard) {
    char name[16];
    std::snprintf(name, sizeof name, "%05d.tar", shard);
    bytes += double(bench::writeShard(shards / name, shard, size));
  }
  std::printf("%d shards, %.1f GB of tar\n", size.shards, bytes * 1e-9);
  const data::DatasetSpec spec{.kind = "shards", .path = shards.string()};
  bench::forget(shards);
  bench::openOnce("first, from the disk", spec, {});
  bench::openOnce("first, headers in memory", spec, {});
  bench::openOnce("the same, index is written", spec, cache);
  bench::openOnce("again", spec, cache);
  bench::openOnce("again", spec, cache);
}
