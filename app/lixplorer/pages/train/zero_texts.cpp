#include "pages/train/zero_texts.h"

#include <QCoreApplication>
#include <algorithm>

#include "nn/config.h"
#include "study/train/outlook.h"

namespace lix::app {
namespace {

struct ZeroTexts {
  Q_DECLARE_TR_FUNCTIONS(ZeroTexts)
};

QString number(double value) { return QString::number(value, 'g', 3); }

/// Of the term that is no context: alpha as LIxP has it.
double plainWeight(const nn::Recipe& recipe) {
  const auto plain = std::ranges::find_if(recipe.terms, [](const nn::Term& term) { return term.temperature.empty(); });
  return plain == recipe.terms.end() ? 1.0 : plain->weight;
}

/// As the rule of study::scalarMultiplierRule has it, without a sum over all steps.
double multiplierOf(study::TrainSettings settings) {
  settings.scalarMultiplier = 1.0;
  return std::clamp(15.0 / study::scalarReach(settings), 1.0, 100.0);
}

}  // namespace

std::map<std::string, QString> zeroTexts(const study::TrainSettings& settings, const nn::Recipe& recipe) {
  const QString off = ZeroTexts::tr("off"), usual = ZeroTexts::tr("usual");
  std::map<std::string, QString> texts{
      {"clip", off},
      {"ema", off},
      {"lock_blocks", ZeroTexts::tr("none")},
      {"keep_every", ZeroTexts::tr("none")},
      {"most_skipped", ZeroTexts::tr("none")},
      {"scalar_multiplier", ZeroTexts::tr("by rule (%1)").arg(number(multiplierOf(settings)))},
      {"threads", ZeroTexts::tr("all cores")},
      {"micro_batch", ZeroTexts::tr("by memory")},
      {"alpha", ZeroTexts::tr("recipe's (%1)").arg(number(plainWeight(recipe)))},
      {"neighbours_at_start", ZeroTexts::tr("recipe's (%1)").arg(number(recipe.effectiveNeighboursAtStart))},
      {"tau_context", ZeroTexts::tr("by neighbours")},
      {"hidden", usual},
      {"head_depth", usual},
      {"embed_width", usual}};
  const auto config = nn::presetConfig(settings.size, {.towers = recipe.towers, .head = recipe.head});
  const auto ofSize = [&](double value) {
    return config && value > 0.0 ? ZeroTexts::tr("size's (%1)").arg(number(value)) : ZeroTexts::tr("the size's");
  };
  texts["tokens"] = ofSize(config ? config->classTokens : 0);
  texts["mixture_heads"] = ofSize(config && config->mixture ? config->mixture->heads : 0);
  texts["tau"] = ofSize(config && config->mixture ? config->mixture->tau : 0.0);
  return texts;
}

}  // namespace lix::app
