using Slipway.Core;

namespace Slipway.Tests.Models.Packages;

public class SignatureRefinementTests
{
    private static Signature SignatureWith(string manifest)
    {
        using var folder = PackageFolder.Linear(manifest);
        using var model = folder.Open().Load();
        return model.Signature;
    }

    [Fact]
    public void Without_additions_the_model_s_own_signature_stands()
    {
        var own = new Signature([new TensorSpec("x", ElementType.Float32, [-1, 2])], [new TensorSpec("y", ElementType.Float32, [-1])]);
        Assert.Equal(own, SignatureWith("artifact: model.tiny"));
        Assert.Equal(own, SignatureWith("signature: { inputs: [ { name: x, type: FP32, shape: [-1, 2] } ], outputs: [ { name: y } ] }"));
        Assert.Equal(own, SignatureWith("signature: { inputs: [ { name: x, shape: [-1, -1] } ] }"));
    }

    [Fact]
    public void Open_sizes_columns_and_optionality_are_added() =>
        Assert.Equal(
            new Signature([new TensorSpec("x", ElementType.Float32, [8, 2], Optional: true, Columns: ["a", "b"])], [new TensorSpec("y", ElementType.Float32, [8])]),
            SignatureWith("signature: { inputs: [ { name: x, shape: [8, 2], optional: true, columns: [a, b] } ], outputs: [ { name: y, shape: [8] } ] }"));

    [Theory]
    [InlineData("inputs: [ { name: z } ]", "1:32: signature.inputs[0].name: the model has no input 'z'; it has: x FP32[-1,2]")]
    [InlineData("inputs: [ { name: x }, { name: x } ]", "signature.inputs[1].name: 'x' is given twice")]
    [InlineData("inputs: [ { name: x, type: FP64 } ]", "signature.inputs[0].type: FP64 is given, the model file says FP32")]
    [InlineData("inputs: [ { name: x, shape: [-1, 3] } ]", "signature.inputs[0].shape: [-1,3] is given, the model file says [-1,2]")]
    [InlineData("inputs: [ { name: x, shape: [-1] } ]", "signature.inputs[0].shape: [-1] is given, the model file says [-1,2]")]
    [InlineData("inputs: [ { name: x, shape: [-7, 2] } ]", "signature.inputs[0].shape: [-7,2] is given")]
    [InlineData("inputs: [ { name: x, columns: [a] } ]", "signature: input 'x' names 1 columns")]
    [InlineData("inputs: [ { name: x, columns: [a, a] } ]", "column 'a' is given twice")]
    [InlineData("inputs: [ { name: x, allowed: [a] } ]", "signature.inputs[0].allowed: allowed values are for text inputs (BYTES); this is an input of type FP32")]
    [InlineData("outputs: [ { name: y, optional: true } ]", "signature.outputs[0].optional: an output is always answered")]
    [InlineData("outputs: [ { name: x } ]", "the model has no output 'x'; it has: y FP32[-1]")]
    public void A_disagreement_is_named_at_its_place(string part, string message)
    {
        using var folder = PackageFolder.Linear($"signature: {{ {part} }}");
        var package = folder.Open();
        Assert.Contains(message, Assert.Throws<SpecException>(package.Load).Message);
        Assert.Throws<SpecException>(package.Describe);
    }

    [Fact]
    public void Every_disagreement_is_listed()
    {
        using var folder = PackageFolder.Linear("signature: { inputs: [ { name: x, type: FP64, shape: [3] } ], outputs: [ { name: z } ] }");
        Assert.Equal(3, Assert.Throws<SpecException>(folder.Open().Load).Problems.Count);
    }

    [Fact]
    public void Text_outside_the_allowed_values_is_refused_by_row()
    {
        using var folder = new PackageFolder().Write("model.tiny", "echo").Write("model.yaml", "signature: { inputs: [ { name: season, allowed: [winter, 'grün'] } ] }");
        using var model = folder.Open().Load();
        using var good = new Batch(Tensor.OfText("season", "grün", null, "winter"));
        using var answer = model.Run(good);
        Assert.Equal(["grün", null, "winter"], Enumerable.Range(0, 3).Select(answer["said"].GetText));
        using var bad = new Batch(Tensor.OfText("season", "winter", "Winter"));
        Assert.Equal(
            "row 1: input 'season': 'Winter' is not an allowed value; allowed: winter, grün",
            Assert.Throws<RecordException>(() => model.Run(bad)).Message);
    }
}
