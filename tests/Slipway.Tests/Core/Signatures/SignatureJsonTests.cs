using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Tests.Core.Signatures;

public class SignatureJsonTests
{
    private static readonly Signature Example = new(
        [
            new TensorSpec("x", ElementType.Float32, [-1, 2], Columns: ["temp", "süd \"wind\""]),
            new TensorSpec("season", ElementType.Bytes, [-1], Optional: true, AllowedValues: ["winter", "summer"]),
        ],
        [new TensorSpec("prediction", ElementType.Float64, [])]);

    [Fact]
    public void Write_spells_out_types_and_leaves_out_what_says_nothing() =>
        Assert.Equal(
            """{"inputs":[{"name":"x","type":"FP32","shape":[-1,2],"columns":["temp","s\u00FCd \u0022wind\u0022"]},{"name":"season","type":"BYTES","shape":[-1],"optional":true,"allowed":["winter","summer"]}],"outputs":[{"name":"prediction","type":"FP64","shape":[]}]}""",
            SignatureJson.Write(Example));

    [Fact]
    public void Read_returns_what_was_written() => Assert.Equal(Example, SignatureJson.Read(SignatureJson.Write(Example)));

    [Fact]
    public void Reader_and_writer_forms_embed_the_signature_in_a_larger_document()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("signature");
            SignatureJson.Write(writer, Example);
            writer.WriteNumber("after", 7);
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(stream.ToArray());
        reader.Read();
        reader.Read();
        reader.Read();
        Assert.Equal(Example, SignatureJson.Read(ref reader));
        Assert.True(reader.Read() && reader.ValueTextEquals("after"));
    }

    [Theory]
    [InlineData(RowRelation.Independent, """{"inputs":[],"outputs":[]}""")]
    [InlineData(RowRelation.Ordered, """{"inputs":[],"outputs":[],"rows":"ordered"}""")]
    [InlineData(RowRelation.Grouped, """{"inputs":[],"outputs":[],"rows":"grouped"}""")]
    public void Relation_of_rows_is_written_unless_they_are_independent(RowRelation rows, string json)
    {
        var signature = new Signature([], [], rows);
        Assert.Equal(json, SignatureJson.Write(signature));
        Assert.Equal(signature, SignatureJson.Read(json));
        Assert.Equal(rows == RowRelation.Independent, signature == new Signature([], []));
    }

    [Fact]
    public void Every_type_survives_a_round_trip()
    {
        var signature = new Signature([.. Enum.GetValues<ElementType>().Select(t => new TensorSpec(t.ProtocolName, t, [-1]))], []);
        Assert.Equal(signature, SignatureJson.Read(SignatureJson.Write(signature)));
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("[]", "not the JSON of a signature")]
    [InlineData("""{"inputs":[]}""", "outputs")]
    [InlineData("""{"inputs":null,"outputs":[]}""", "")]
    [InlineData("""{"inputs":[null],"outputs":[]}""", "null")]
    [InlineData("""{"inputs":[],"outputs":[],"extra":1}""", "extra")]
    [InlineData("""{"inputs":[],"outputs":[],"rows":"sorted"}""", "rows")]
    [InlineData("""{"inputs":[],"outputs":[],"rows":1}""", "rows")]
    [InlineData("""{"inputs":[],"inputs":[],"outputs":[]}""", "inputs")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32"}],"outputs":[]}""", "shape")]
    [InlineData("""{"inputs":[{"name":null,"type":"FP32","shape":[]}],"outputs":[]}""", "")]
    [InlineData("""{"inputs":[{"name":"","type":"FP32","shape":[]}],"outputs":[]}""", "empty name")]
    [InlineData("""{"inputs":[{"name":"x","type":"fp32","shape":[]}],"outputs":[]}""", "'fp32'")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32","shape":[-2]}],"outputs":[]}""", "-2")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32","shape":[1.5]}],"outputs":[]}""", "not the JSON of a signature")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32","shape":[]},{"name":"x","type":"FP32","shape":[]}],"outputs":[]}""", "twice")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32","shape":[-1,3],"columns":["a","b"]}],"outputs":[]}""", "[-1,2]")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32","shape":[-1,2],"columns":["a","a"]}],"outputs":[]}""", "'a'")]
    [InlineData("""{"inputs":[{"name":"x","type":"FP32","shape":[-1,1],"columns":[null]}],"outputs":[]}""", "empty name")]
    [InlineData("""{"inputs":[{"name":"x","type":"BYTES","shape":[-1],"allowed":[null]}],"outputs":[]}""", "null")]
    [InlineData("", "not the JSON of a signature")]
    public void Read_names_the_mistake(string json, string named) =>
        Assert.Contains(named, Assert.Throws<ModelException>(() => SignatureJson.Read(json)).Message);

    [Fact]
    public void Read_answers_damaged_json_with_a_model_exception_or_a_valid_signature()
    {
        var original = Encoding.UTF8.GetBytes(SignatureJson.Write(Example));
        var random = new Random(17);
        for (var i = 0; i < 2_000; i++)
        {
            var damaged = original.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(32, 127);
            try
            {
                SignatureJson.Read(Encoding.UTF8.GetString(damaged)).Validate();
            }
            catch (ModelException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }
}
