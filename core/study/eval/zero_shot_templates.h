#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::study {

/// Prompt templates of one dataset.
struct Templates {
  std::string name;                ///< as results name it: "plain", a file, or of a file by dataset "clip:pets"
  std::vector<std::string> texts;  ///< "{}" stands for the class name
  /// Whole prompts by class name (CuPL, arXiv 2209.03320); `texts` is empty then.
  std::map<std::string, std::vector<std::string>> prompts = {};
};

/// Built-in templates by name (resources/prompts/<name>.json), or a file: one template a line, a JSON list of strings,
/// or by dataset as CLIP_benchmark has them, {dataset: [templates]} or {dataset: {class: [whole prompts]}}. "{}" and
/// "{c}" stand for the class name; a template without one is refused. Of a file by dataset the first of `datasetNames`
/// that it holds is taken (letters and digits compared, in any case), or the one that a colon names: "clip:pets".
Result<Templates> findTemplates(const std::string& nameOrPath, const std::vector<std::string>& datasetNames = {});

/// The names of a class: its text split at "|", or the strings of a JSON list; at least one, none empty unless the text
/// is.
std::vector<std::string> synonymsOf(const std::string& className);

/// Everything that the class is called in prompts: every template with every synonym, or the class's own whole prompts.
Result<std::vector<std::string>> promptsOf(const Templates& templates, const std::string& className);

/// Refuses two classes of one text, which no prompt could tell apart.
Result<void> checkDistinct(const std::vector<std::string>& classes);
/// Refuses classes that promptsOf refuses.
Result<void> checkPrompts(const Templates& templates, const std::vector<std::string>& classes);

}  // namespace lix::study
