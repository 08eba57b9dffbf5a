#include "pages/data/picture_text.h"

#include <QLocale>
#include <algorithm>
#include <map>

#include "pages/data/data_page.h"
#include "pages/data/dropped_paths.h"

namespace lix::app {
namespace {

constexpr std::size_t kTipCaptions = 6;
constexpr qsizetype kTipLength = 300;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString number(std::size_t value) { return QLocale(QLocale::English).toString(qulonglong(value)); }

QString badgeOf(data::Split split) {
  switch (split) {
    case data::Split::Train:
      return DataPage::tr("train");
    case data::Split::Validation:
      return DataPage::tr("val");
    case data::Split::Test:
      break;
  }
  return DataPage::tr("test");
}

QString shortened(const std::string& utf8) {
  const QString whole = text(utf8).simplified();
  return whole.size() > kTipLength ? whole.left(kTipLength) + QChar(0x2026) : whole;
}

}  // namespace

QString kindInWords(const std::string& kind) {
  const std::map<std::string, QString> words{{"folder", DataPage::tr("folder")},
                                             {"table", DataPage::tr("table")},
                                             {"side_captions", DataPage::tr("pictures with texts beside them")},
                                             {"caption_list", DataPage::tr("list of captions")},
                                             {"karpathy", DataPage::tr("Karpathy's JSON")},
                                             {"coco", DataPage::tr("COCO captions")},
                                             {"shards", DataPage::tr("shards")},
                                             {"idx", DataPage::tr("IDX files")},
                                             {"cifar", DataPage::tr("CIFAR files")}};
  const auto known = words.find(kind);
  return known != words.end() ? known->second : text(kind);
}

QString nameOf(const data::Dataset& set, const data::Sample& sample) {
  bool isClass = sample.captions.empty();
  for (std::size_t i = 0; i < sample.labels.size() && !isClass; ++i) {
    isClass = sample.labels[i] >= 0 && set.labelSets[i].classes[std::size_t(sample.labels[i])] == sample.captions.front();
  }
  return isClass ? text(sample.key).section('/', -1) : shortened(sample.captions.front());
}

PictureItem itemOf(const Collection& collection, std::size_t sample, std::size_t labelSet) {
  const data::Sample& about = collection.samples()[sample];
  PictureItem item;
  item.picture = collection.picture(sample);
  if (collection.isLoose()) {
    item.caption = text(item.picture.file.filename().string());
    item.tip = text(about.key);
    return item;
  }
  item.caption = nameOf(collection.set->set, about);
  item.badge = badgeOf(about.split);
  const auto& sets = collection.set->set.labelSets;
  if (labelSet < sets.size() && about.labels[labelSet] >= 0) {
    item.detail = text(sets[labelSet].classes[std::size_t(about.labels[labelSet])]);
  }
  QStringList lines{text(about.key)};
  for (std::size_t i = 0; i < std::min(about.captions.size(), kTipCaptions); ++i) {
    lines << shortened(about.captions[i]);
  }
  item.tip = lines.join('\n');
  return item;
}

QString statistics(const Collection& collection) {
  const std::size_t pictures = collection.samples().size();
  QStringList parts{counted(pictures, DataPage::tr("1 picture"), DataPage::tr("%1 pictures"))};
  if (collection.isLoose()) {
    parts << DataPage::tr("dropped here, not kept in the workspace");
    return parts.join(QStringLiteral(" \u00b7 "));
  }
  parts << (collection.captions == 0 ? DataPage::tr("no captions")
            : collection.captions == pictures
                ? DataPage::tr("1 caption each")
                : DataPage::tr("%1 captions each").arg(double(collection.captions) / double(pictures), 0, 'f', 1));
  QStringList sets;
  for (const auto& set : collection.set->set.labelSets) {
    sets << DataPage::tr("%1 (%2)").arg(text(set.name), number(set.classes.size()));
  }
  parts << (sets.isEmpty() ? DataPage::tr("no classes") : DataPage::tr("classes by %1").arg(sets.join(", ")));
  parts << DataPage::tr("train %1, validation %2, test %3")
               .arg(number(collection.perSplit[0]), number(collection.perSplit[1]), number(collection.perSplit[2]));
  return parts.join(QStringLiteral(" \u00b7 "));
}

}  // namespace lix::app
