using System.Text;

namespace Seedance.Client.Tests.Files;

public sealed class SafeNameTests
{
    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("  .hidden. ", "hidden")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.mp4", "_nul.mp4")]
    [InlineData("Com1", "_Com1")]
    [InlineData("COM10", "COM10")]
    [InlineData("line\r\nbreak\tand\0nul", "line__break_and_nul")]
    [InlineData("gpj.\u202Eexe", "gpj._exe")]
    [InlineData("照片 ünï 🎬", "照片 ünï 🎬")]
    [InlineData("...", "")]
    [InlineData(null, "")]
    public void A_name_of_others_words_leads_nowhere_else(string? words, string name) => Assert.Equal(name, SafeName.From(words));

    [Fact]
    public void Half_a_letter_is_none() => Assert.Equal("a_b", SafeName.From("a\uD800b"));

    [Fact]
    public void A_long_name_is_cut_between_letters()
    {
        var name = SafeName.From(string.Concat(Enumerable.Repeat("🎬", 100)), maxBytes: 30);
        Assert.Equal(28, Encoding.UTF8.GetByteCount(name));
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
    }
}
