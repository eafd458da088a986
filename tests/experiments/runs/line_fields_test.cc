#include "experiments/runs/line_fields.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

TEST(LineFields, FindsWhatStandsAtTheTop) {
  const LineFields fields(
      R"({"key":"a\"b","n":-1.5e3, "inner": {"key":"no","list":[1,{"x":"}"}]},"none":null,"s":"x"})");
  EXPECT_EQ(fields.Text("key"), "a\"b");
  EXPECT_EQ(fields.Number("n"), -1500);
  EXPECT_EQ(fields.Find("inner"), R"({"key":"no","list":[1,{"x":"}"}]})");
  EXPECT_TRUE(std::isnan(fields.Number("none")));
  EXPECT_EQ(fields.Text("s"), "x");
  EXPECT_FALSE(fields.Find("x").has_value());
  EXPECT_FALSE(LineFields("{}").Find("x").has_value());
}

TEST(LineFields, RefusesWhatIsNoObjectOrNotOfItsType) {
  for (const char* bad : {"", "[1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":\"x}",
                          "{\"a\":[1}", "{a:1}", "{\"a\":1,", "{\"a\" 1}"}) {
    EXPECT_EQ(ErrorMessage([&] { LineFields{bad}; }), "not a JSON object") << bad;
  }
  const LineFields fields(R"({"text":"x","number":1,"list":[]})");
  EXPECT_EQ(ErrorMessage([&] { fields.Text("number"); }), "key 'number': must be a string");
  EXPECT_EQ(ErrorMessage([&] { fields.Number("text"); }), "key 'text': must be a number or null");
  EXPECT_EQ(ErrorMessage([&] { fields.Integer("list"); }), "key 'list': must be an integer");
  for (const char* bad : {"nan", "inf", "-inf", "-", "1x", "1e999", ""}) {
    const std::string line = std::string("{\"n\":") + bad + "}";
    EXPECT_EQ(ErrorMessage([&] { LineFields(line).Number("n"); }),
              "key 'n': must be a number or null")
        << bad;
  }
  EXPECT_EQ(ErrorMessage([&] { LineFields("{\"n\":99999999999}").Integer("n"); }),
            "key 'n': must be an integer");
  EXPECT_EQ(ErrorMessage([&] { fields.Text("none"); }), "key 'none' is missing");
}

}  // namespace
}  // namespace grove
