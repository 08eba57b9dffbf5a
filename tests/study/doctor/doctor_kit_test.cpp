// Every kind of checkpoint of the parity kit: what the doctor takes it for, and sizes of mistakes in the order that was
// measured on the same models with the programs they come from.
#include <nlohmann/json.hpp>

#include "doctor_support.h"

namespace lix::study::doctor {
namespace {
using namespace testing_support;

struct Kit {
  const char* folder;
  const char* title;
  const char* activation;
  bool siglip;
};

class DoctorKit : public testing::TestWithParam<Kit> {};

void expectSize(const Report& report, const char* id, double measured) {
  const Mistake* one = mistake(report, id);
  ASSERT_NE(one, nullptr) << id;
  if (one->reason.empty()) {
    EXPECT_GT(one->component, measured / 10) << one->name;
    EXPECT_LT(one->component, measured * 10) << one->name;
  }
}

TEST_P(DoctorKit, IsKnownAndItsMistakesHaveTheSizesThatWereMeasured) {
  LIX_SHARED_OR_SKIP(kit, std::string("parity/") + GetParam().folder);
  const Report report = examined(kit);
  ASSERT_NE(report.verdict, Verdict::Refused) << report.sentence;
  EXPECT_EQ(report.title, GetParam().title);
  EXPECT_EQ(valueOf(report, "image tower: activation"), GetParam().activation);
  EXPECT_EQ(valueOf(report, "missing"), "0");
  expectSize(report, "activation_family", 4e-3);
  expectSize(report, "gelu_form", 6e-5);
  expectSize(report, "epsilon", 1e-3);
  expectSize(report, "torchvision", 5e-4);
  if (GetParam().siglip) {  // the fewer blocks and the less padding, the smaller
    ASSERT_NE(mistake(report, "padding_mask"), nullptr);
    EXPECT_GT(mistake(report, "padding_mask")->component, 1e-3);
  }
  for (const Mistake& one : report.mistakes) {  // a causal mask changes nothing for the last position of a single block
    EXPECT_TRUE(!one.reason.empty() || one.logit > 0.0 || one.id == "padding_id" || one.id == "causal_mask") << one.name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, DoctorKit,
    testing::Values(Kit{"hf_clip", "CLIP in transformers' layout", "quick_gelu (QuickGELU)", false},
                    Kit{"hf_siglip", "SigLIP in transformers' layout", "gelu_pytorch_tanh (tanh GELU)", true},
                    Kit{"hf_siglip2", "SigLIP in transformers' layout", "gelu_pytorch_tanh (tanh GELU)", true},
                    Kit{"openclip_clip", "CLIP in OpenCLIP's layout", "quick_gelu (QuickGELU)", false},
                    Kit{"openclip_siglip", "SigLIP in OpenCLIP's layout", "gelu (erf GELU)", true},
                    Kit{"llip", "Llip in the Llip release's layout", "quick_gelu (QuickGELU)", false},
                    Kit{"llip_norm", "Llip in the Llip release's layout", "quick_gelu (QuickGELU)", false}),
    [](const testing::TestParamInfo<Kit>& one) { return std::string(one.param.folder); });

TEST(DoctorKit, ALlipsTauIsSaidToBeAssumed) {
  LIX_SHARED_OR_SKIP(kit, "parity/llip");
  EXPECT_TRUE(finds(examined(kit), Weight::Remark, "tau; 5 was assumed"));
}

TEST(DoctorKit, NaFlexIsRefused) {
  LIX_SHARED_OR_SKIP(kit, "parity/hf_siglip2_naflex_optional");
  const Report report = examined(kit);
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_NE(report.sentence.find("NaFlex"), std::string::npos) << report.sentence;
}

}  // namespace
}  // namespace lix::study::doctor
