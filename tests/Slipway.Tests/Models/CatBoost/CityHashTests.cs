using System.Text;
using Slipway.Models.Formats.CatBoost;

namespace Slipway.Tests.Models.CatBoost;

public class CityHashTests
{
    /// <summary>Every branch by length; the values are those of the first release's own C++ code.</summary>
    [Theory]
    [InlineData("", 11160318154034397263)]
    [InlineData("3", 11275350073939794026)]
    [InlineData("3.0", 510719357545682165)]
    [InlineData("alpha", 1772952377847748331)]
    [InlineData("hello world", 12386028635079221413)]
    [InlineData("aaaaaaaaaaaaaaaa", 1737540773398541810)]
    [InlineData("aaaaaaaaaaaaaaaaa", 343169547249257593)]
    [InlineData("this_is_a_long_category_value_over_16_bytes", 12863576434675650867)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", 7040186705704256002)]
    public void Texts_hash_as_in_version_1_0(string text, ulong expected) => Assert.Equal(expected, CityHash.Hash64(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Every_length_hashes_without_reading_outside_of_the_text()
    {
        // The same text at the end of one buffer and in the middle of another: what lies around it must not matter.
        var random = new Random(7);
        var seen = new HashSet<ulong>();
        for (var length = 0; length < 400; length++)
        {
            var text = new byte[length];
            random.NextBytes(text);
            var around = new byte[length + 64];
            random.NextBytes(around);
            text.CopyTo(around, 32);
            Assert.Equal(CityHash.Hash64(text), CityHash.Hash64(around.AsSpan(32, length)));
            Assert.True(seen.Add(CityHash.Hash64(text)));
        }
    }

    [Theory]
    [InlineData("a", 3489901818u)]
    [InlineData("x", 3510494104u)]
    [InlineData("", 797982799u)]
    public void Categories_are_known_by_the_lower_half(string category, uint expected) => Assert.Equal((int)expected, CtrHash.OfCategory(Encoding.UTF8.GetBytes(category)));

    [Fact]
    public void Hashes_of_several_categories_combine_in_order_with_their_signs()
    {
        var (a, x) = (CtrHash.OfCategory("a"u8), CtrHash.OfCategory("x"u8));
        Assert.Equal(13609484770549027626ul, CtrHash.Combine(CtrHash.Combine(0, a), x));
        Assert.NotEqual(CtrHash.Combine(CtrHash.Combine(0, a), x), CtrHash.Combine(CtrHash.Combine(0, x), a));
        // -1 is all ones in 64 bits: factor × factor × (2^64 - 1).
        Assert.Equal(unchecked(0x4906ba494954cb65ul * 0x4906ba494954cb65ul * ulong.MaxValue), CtrHash.Combine(0, -1));
    }
}
