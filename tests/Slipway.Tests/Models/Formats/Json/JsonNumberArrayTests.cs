using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Json;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Formats.Json;

public class JsonNumberArrayTests
{
    private static readonly string[] Formats = ["R", "E8", "0.########E0", "F6", "G17", "G5", "E1"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Numbers_are_read_as_the_framework_parses_them(int seed)
    {
        var random = new Random(seed);
        var texts = new string[5000];
        for (var i = 0; i < texts.Length; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            // Halfway between two float32, nearly so, and any float64.
            var wide = random.Next(4) switch { 0 => value + (MathF.BitIncrement(value) - (double)value) / 2, 1 => Math.BitIncrement(value + (MathF.BitIncrement(value) - (double)value) / 2), 2 => random.NextDouble(), _ => value };
            texts[i] = double.IsFinite(wide) ? wide.ToString(Formats[random.Next(Formats.Length)], CultureInfo.InvariantCulture) : "-0";
        }
        var values = new GrowingArray<float>();
        var json = Encoding.UTF8.GetBytes($" [{string.Join(seed == 1 ? "," : " , ", texts)}]");
        new JsonDocumentReader(json).ReadNumbers(values);
        Assert.Equal(texts.Length, values.Count);
        for (var i = 0; i < texts.Length; i++) Assert.Equal(BitConverter.SingleToInt32Bits(float.Parse(texts[i], CultureInfo.InvariantCulture)), BitConverter.SingleToInt32Bits(values.Items[i]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[ \r\n\t]")]
    [InlineData("[0, -0,7 ,\n-12,999999999, -2147483648,2147483647]", 0, 0, 7, -12, 999_999_999, int.MinValue, int.MaxValue)]
    [InlineData("[true,false,1]", 1, 0, 1)]
    public void Integers_are_read_however_they_are_spaced(string json, params int[] expected)
    {
        var values = new GrowingArray<int>();
        values.Add(5);
        new JsonDocumentReader(Encoding.UTF8.GetBytes(json)).ReadIntegers(values);
        Assert.Equal(expected, values.ToArray());
    }

    [Theory]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("[01]")]
    [InlineData("[1.]")]
    [InlineData("[.5]")]
    [InlineData("[-]")]
    [InlineData("[1e]")]
    [InlineData("[+1]")]
    [InlineData("[1,\"2\"]")]
    [InlineData("[1,2")]
    [InlineData("[1")]
    [InlineData("[")]
    public void What_is_no_array_of_numbers_is_refused_with_its_place(string json)
    {
        Assert.StartsWith("byte ", Assert.Throws<ModelException>(() => new JsonDocumentReader(Encoding.UTF8.GetBytes(json)).ReadNumbers(new GrowingArray<float>())).Message, StringComparison.Ordinal);
        Assert.StartsWith("byte ", Assert.Throws<ModelException>(() => new JsonDocumentReader(Encoding.UTF8.GetBytes(json)).ReadIntegers(new GrowingArray<int>())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_after_an_array_are_those_of_the_file()
    {
        const string Json = "{\"a\":[1,2,3],\"b\":[4,5],\"c\":[\"x\"],\"d\":?}";
        var reader = new JsonDocumentReader(Encoding.UTF8.GetBytes(Json));
        var values = new GrowingArray<int>();
        reader.BeginObject();
        Assert.True(reader.NextName());
        reader.ReadIntegers(values);
        Assert.Equal([1, 2, 3], values.ToArray());
        Assert.True(reader.NextName());
        reader.Skip();
        Assert.True(reader.NextName());
        Assert.Equal("c", reader.Name);
        reader.Skip();
        Assert.True(reader.NextName());
        ModelException? fault = null;
        try
        {
            reader.Skip();
        }
        catch (ModelException e)
        {
            fault = e;
        }
        Assert.StartsWith($"byte {Json.IndexOf('?', StringComparison.Ordinal)}:", fault?.Message, StringComparison.Ordinal);
    }
}
