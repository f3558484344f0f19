using System.Text;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Rows;

public sealed class SymbolTableTests
{
    private static readonly string[] Samples =
        ["", "a", "ab", "abc", "abcd", "abcde", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnopq", "ü", "水", "水曜日", "Ω≈ç√", "😀", "😀😁", "\0", "\0\0", "a\0", "é", "e\u0301", new string('x', 5000), new string('水', 300)];

    [Fact]
    public void Symbols_count_from_0_in_the_order_of_arrival_and_are_found_in_both_encodings()
    {
        var table = new SymbolTable();
        for (var i = 0; i < Samples.Length; i++) Assert.Equal(i, table.Intern(Samples[i]));
        for (var i = 0; i < Samples.Length; i++)
        {
            Assert.Equal(i, table.Intern(Samples[i]));
            Assert.Equal(i, table.Find(Samples[i]));
            Assert.Equal(i, table.Find(Encoding.UTF8.GetBytes(Samples[i])));
            Assert.Equal(Samples[i], table[i]);
            Assert.Equal(Encoding.UTF8.GetBytes(Samples[i]), table.Utf8(i));
        }
        Assert.Equal(Samples.Length, table.Count);
    }

    [Fact]
    public void Random_texts_are_found_as_a_dictionary_finds_them()
    {
        var random = new Random(3);
        var (table, expected) = (new SymbolTable(), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < 20_000; i++)
        {
            // Short texts of few letters: many are equal, or differ in their middle only.
            var text = string.Create(random.Next(20), random, static (to, r) => { foreach (ref var c in to) c = "abß水"[r.Next(4)]; });
            Assert.Equal(expected.GetValueOrDefault(text, -1), table.Find(text));
            Assert.Equal(expected.GetValueOrDefault(text, -1), table.Find(Encoding.UTF8.GetBytes(text)));
            if (random.Next(2) == 0 && expected.TryAdd(text, table.Count)) Assert.Equal(expected[text], table.Intern(text));
        }
        Assert.InRange(table.Count, 5000, 10_000);
    }

    [Fact]
    public void Keys_of_the_same_hash_are_told_apart()
    {
        // 2^18 keys in a table of 32-bit hashes: some 8 pairs collide.
        var index = new ByteKeyIndex();
        for (var i = 0; i < 1 << 18; i++) index.Add(BitConverter.GetBytes(i * 2));
        for (var i = 0; i < 1 << 18; i++)
        {
            Assert.Equal(i, index.Find(BitConverter.GetBytes(i * 2)));
            Assert.Equal(-1, index.Find(BitConverter.GetBytes((i * 2) + 1)));
        }
    }

    [Fact]
    public void New_texts_of_rows_are_equal_when_their_texts_are_whatever_their_encoding()
    {
        var table = new SymbolTable();
        table.Intern("known");
        var texts = new RowTexts(table);
        Assert.Equal(0, texts.Intern("known"));
        foreach (var sample in Samples)
        {
            var cell = texts.Intern(sample);
            Assert.Equal(cell, texts.Intern(Encoding.UTF8.GetBytes(sample)));
            Assert.Equal(sample, texts[cell]);
        }
        Assert.Equal(Samples.Length, Samples.Select(s => texts.Intern(s)).Distinct().Count());
    }

    [Fact]
    public void Cleared_texts_are_forgotten_and_the_models_own_kept()
    {
        var table = new SymbolTable();
        table.Intern("known");
        var texts = new RowTexts(table);
        var first = texts.Intern("one");
        texts.Clear();
        Assert.Equal(first, texts.Intern("two"));
        Assert.Equal("two", texts[first]);
        Assert.Equal("known", texts[0]);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_text_like_any_other()
    {
        var texts = new RowTexts(new SymbolTable());
        Assert.Equal("\uFFFDa", texts[texts.Intern([0xFF, (byte)'a'])]);
    }
}
