#include "glyph_strokes.h"

#include <array>

namespace lockstep {

namespace {

constexpr bool kCorner = true;

using Styles = std::vector<GlyphStyle>;

const Styles kZero{
    {{{.55F, .02F},
      {.22F, .14F},
      {.06F, .50F},
      {.20F, .86F},
      {.50F, .98F},
      {.80F, .86F},
      {.94F, .50F},
      {.80F, .14F},
      {.50F, .02F}}},
    {{{.70F, .08F},
      {.45F, .03F},
      {.20F, .30F},
      {.16F, .70F},
      {.40F, .98F},
      {.72F, .80F},
      {.84F, .40F},
      {.66F, .05F},
      {.45F, .10F}}},
};

const Styles kOne{
    {{{.52F, .00F}, {.50F, 1.0F}}},
    {{{.28F, .25F}, {.55F, .00F, kCorner}, {.53F, 1.0F}}},
    {{{.25F, .22F}, {.54F, .00F, kCorner}, {.54F, 1.0F}}, {{.25F, 1.0F}, {.82F, .98F}}},
};

const Styles kTwo{
    {{{.12F, .24F},
      {.32F, .03F},
      {.65F, .03F},
      {.82F, .25F},
      {.62F, .58F},
      {.10F, .97F, kCorner},
      {.92F, .95F}}},
    {{{.14F, .22F},
      {.45F, .00F},
      {.80F, .20F},
      {.62F, .58F},
      {.28F, .94F},
      {.10F, .90F},
      {.26F, .76F},
      {.60F, .93F},
      {.96F, .90F}}},
};

const Styles kThree{
    {{{.12F, .12F},
      {.48F, .00F},
      {.80F, .20F},
      {.66F, .41F},
      {.38F, .46F, kCorner},
      {.72F, .52F},
      {.88F, .75F},
      {.58F, .98F},
      {.10F, .88F}}},
    {{{.12F, .04F},
      {.82F, .03F, kCorner},
      {.42F, .40F, kCorner},
      {.78F, .50F},
      {.84F, .80F},
      {.50F, 1.0F},
      {.08F, .90F}}},
};

const Styles kFour{
    {{{.20F, .02F}, {.08F, .55F, kCorner}, {.92F, .54F}}, {{.70F, .08F}, {.66F, 1.0F}}},
    {{{.70F, 1.0F}, {.72F, .00F, kCorner}, {.06F, .66F, kCorner}, {.96F, .65F}}},
    {{{.18F, .05F}, {.10F, .38F}, {.28F, .54F}, {.76F, .46F}}, {{.82F, .02F}, {.74F, .50F}, {.70F, 1.0F}}},
};

const Styles kFive{
    {{{.86F, .03F},
      {.26F, .03F, kCorner},
      {.20F, .43F, kCorner},
      {.58F, .37F},
      {.86F, .64F},
      {.62F, .95F},
      {.10F, .92F}}},
    {{{.30F, .04F}, {.22F, .44F, kCorner}, {.60F, .42F}, {.82F, .70F}, {.50F, .99F}, {.10F, .88F}},
     {{.30F, .04F}, {.90F, .00F}}},
};

const Styles kSix{
    {{{.72F, .02F},
      {.32F, .28F},
      {.12F, .70F},
      {.40F, .98F},
      {.80F, .84F},
      {.72F, .56F},
      {.42F, .52F},
      {.14F, .72F}}},
    {{{.50F, .00F}, {.24F, .40F}, {.18F, .78F}, {.48F, 1.0F}, {.82F, .80F}, {.62F, .58F}, {.24F, .70F}}},
};

const Styles kSeven{
    {{{.08F, .05F}, {.88F, .05F, kCorner}, {.58F, .52F}, {.42F, 1.0F}}},
    {{{.08F, .05F}, {.90F, .03F, kCorner}, {.40F, 1.0F}}, {{.30F, .52F}, {.82F, .48F}}},
    {{{.08F, .24F}, {.12F, .06F, kCorner}, {.88F, .04F, kCorner}, {.60F, .48F}, {.50F, 1.0F}}},
};

const Styles kEight{
    {{{.80F, .16F},
      {.50F, .00F},
      {.20F, .18F},
      {.40F, .42F},
      {.76F, .64F},
      {.78F, .88F},
      {.46F, 1.0F},
      {.18F, .86F},
      {.28F, .62F},
      {.62F, .40F},
      {.82F, .18F},
      {.70F, .05F}}},
    {{{.50F, .46F},
      {.22F, .34F},
      {.26F, .08F},
      {.52F, .00F},
      {.78F, .12F},
      {.76F, .36F},
      {.50F, .46F},
      {.16F, .64F},
      {.18F, .90F},
      {.50F, 1.0F},
      {.84F, .88F},
      {.80F, .62F},
      {.50F, .46F}}},
};

const Styles kNine{
    {{{.80F, .14F},
      {.50F, .00F},
      {.16F, .20F},
      {.30F, .48F},
      {.64F, .42F},
      {.82F, .12F, kCorner},
      {.74F, 1.0F}}},
    {{{.78F, .12F},
      {.46F, .00F},
      {.16F, .24F},
      {.36F, .50F},
      {.72F, .38F},
      {.82F, .10F, kCorner},
      {.84F, .56F},
      {.66F, .92F},
      {.22F, .94F}}},
};

}  // namespace

const std::vector<GlyphStyle>& glyph_styles(std::size_t digit) {
    static const std::array<const Styles*, 10> all{&kZero, &kOne, &kTwo,   &kThree, &kFour,
                                                   &kFive, &kSix, &kSeven, &kEight, &kNine};
    return *all[digit];
}

}  // namespace lockstep
