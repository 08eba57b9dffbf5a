#include "lixp/eval/adapter_text.h"

#include <algorithm>

#include "base/text.h"

namespace lix::app {

Result<study::FewShotAdapter> adapterFrom(const std::string& text) {
  const auto parts = split(text, ':');
  LIX_TRY(const adapt::Adapter* adapter, adapt::find(parts[0]));
  study::FewShotAdapter chosen{.id = adapter->id, .params = {}, .name = text};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto at = parts[i].find('=');
    const std::string key = parts[i].substr(0, at), value = at == std::string::npos ? "" : parts[i].substr(at + 1);
    const auto param = std::ranges::find(adapter->params, key, &Param::key);
    if (param == adapter->params.end()) {
      return fail(ErrorCode::BadInput, cat("The adapter ", adapter->id, " has no parameter '", key, "'."));
    }
    if (std::holds_alternative<std::string>(param->value)) {
      chosen.params[key] = value;
    } else if (std::holds_alternative<long long>(param->value) && toInteger(value)) {
      chosen.params[key] = *toInteger(value);
    } else if (std::holds_alternative<double>(param->value) && toReal(value)) {
      chosen.params[key] = *toReal(value);
    } else {
      return fail(ErrorCode::BadInput, cat("'", value, "' is no value for ", adapter->id, ":", key, "."));
    }
  }
  return chosen;
}

}  // namespace lix::app
