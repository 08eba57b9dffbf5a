#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/process_identity.h"
#include "store/workspace.h"

namespace lix::store {

enum class RunStatus { Queued, Running, Paused, Done, Failed, Cancelled, Interrupted };
std::string_view nameOf(RunStatus status);  ///< "queued", "running", ...

/// What somebody asks of a running training; the training reads it between steps. Keep makes a copy of the present step
/// and stands beside what else is asked.
enum class RunRequest { None, Pause, Resume, Stop, Cancel, Keep };
std::string_view nameOf(RunRequest request);
std::optional<RunRequest> runRequestOf(std::string_view name);

/// One training. Moments are texts as of now(), "" where they have not come yet. Paths are absolute here; the database
/// keeps those inside the workspace relative to it, so that the folder can be moved.
struct RunRow {
  long long id = 0;
  std::string name;     ///< unique; when added as "" it becomes "<recipe>-0001", "<recipe>-0002", ...
  std::string recipe;   ///< "siglip", "siglixp", "llip_16", ...
  std::string size;     ///< size preset: "tiny"
  std::string dataset;  ///< by name: datasets that come with the program need no row
  long long seed = 0;
  std::string device;  ///< "cpu", "cuda"
  int threads = 0;
  std::string cpuCapability;    ///< "AVX2", "AVX512": the same bytes come out only on the same
  std::string build;            ///< build id of the program
  std::string settings = "{}";  ///< JSON: all that was asked for
  std::filesystem::path out;    ///< checkpoint folder; when added empty it becomes checkpoints/<name>
  RunStatus status = RunStatus::Queued;
  std::string message;  ///< why it failed or stopped
  long long stepsTotal = 0;
  long long step = 0;
  std::string createdAt, startedAt, finishedAt, heartbeatAt, trashedAt;
  ProcessIdentity process = ProcessIdentity();  ///< written out: GCC 12 warns of {} where rows name some fields only
  std::optional<long long> parentRun;           ///< the run whose checkpoint it starts from
  std::filesystem::path initCheckpoint;         ///< the checkpoint it starts from, or empty
  std::string tags;                             ///< words, separated by commas
  std::string notes;
  std::optional<long long> queuePlace;  ///< of a queued run that waits for others: the smallest starts next
};

enum class RunsShown { Present, Trashed, All };

/// Runs and what is asked of them. Rows come back with a running or paused run whose process is gone shown as
/// interrupted, whether or not that is stored yet (refreshLiveness). Not-found is ErrorCode::NotFound.
class RunStore {
 public:
  explicit RunStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Adds a queued run; returns it with id, name, out and createdAt filled in.
  Result<RunRow> add(RunRow row) const;
  Result<RunRow> find(long long id) const;
  Result<RunRow> findByName(std::string_view name) const;
  /// The newest run whose checkpoint folder that is (present ones only).
  Result<RunRow> findByOut(const std::filesystem::path& out) const;
  /// Newest first.
  Result<std::vector<RunRow>> list(RunsShown shown = RunsShown::Present) const;

  /// The process takes the run over (first start or resume) at a step: status running, no request pending, the
  /// machine's facts written anew. Refuses with ErrorCode::Busy while another living process has it.
  struct Machine {
    std::string device, cpuCapability, build;
    int threads = 0;
  };
  Result<void> start(long long id, const ProcessIdentity& process, const Machine& machine, long long step = 0) const;
  /// The same for a run that waits in the queue, which it leaves; refuses with ErrorCode::Busy one that waits no more, so
  /// that of two programs only one starts it.
  Result<void> startQueued(long long id, const ProcessIdentity& process, const Machine& machine) const;
  Result<void> heartbeat(long long id, long long step) const;
  /// Done, Failed, Cancelled and Interrupted also set finishedAt.
  Result<void> setStatus(long long id, RunStatus status, std::string_view message = {}) const;
  /// Total steps and settings may grow when a run is continued.
  Result<void> setPlan(long long id, long long stepsTotal, std::string_view settings) const;
  Result<void> rename(long long id, std::string_view name) const;
  Result<void> annotate(long long id, std::string_view tags, std::string_view notes) const;

  /// Asks something of a queued, running or paused run; fails for others.
  Result<void> setRequest(long long id, RunRequest request) const;
  /// What is asked at present but Keep; cheap enough to be read at every step.
  Result<RunRequest> request(long long id) const;
  /// Whether somebody asked to keep the present step since this was asked last.
  Result<bool> takeKeep(long long id) const;

  /// Puts a queued run at the end of the queue.
  Result<void> enqueue(long long id) const;
  /// The runs that wait, in their order; trashed ones wait no more, and are back in their place when restored.
  Result<std::vector<RunRow>> queue() const;
  /// Moves a waiting run by so many places, -1 = earlier; at either end it stays there.
  Result<void> moveInQueue(long long id, int places) const;
  /// Gives a waiting run other settings; name, folder and place stay.
  Result<void> replan(long long id, const RunRow& plan) const;

  /// A run that is not running goes to the trash, and back.
  Result<void> trash(long long id) const;
  Result<void> restore(long long id) const;
  /// Deletes the trashed runs with their metric points and checkpoint rows (results of evaluations stay). Returns the
  /// folders that nothing in the workspace refers to any more, for the caller to remove.
  Result<std::vector<std::filesystem::path>> emptyTrash() const;

 private:
  Connection* connection_;
};

/// Stores as interrupted every running or paused run of this host whose process is gone; returns their ids. Does
/// nothing in a read-only workspace.
Result<std::vector<long long>> refreshLiveness(const Workspace& workspace);

}  // namespace lix::store
