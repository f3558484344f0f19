using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

public class ColumnNamesTests
{
    [Theory]
    [InlineData("f0,f1,f2", true)]
    [InlineData("Column_0,Column_1", true)]
    [InlineData("0,1,2,3,4,5,6,7,8,9,10", true)]
    [InlineData("x0", true)]
    [InlineData("age,height", false)]
    [InlineData("f1,f2", false)]
    [InlineData("f0,f2", false)]
    [InlineData("f0,g1", false)]
    [InlineData("f0,f01", false)]
    [InlineData("f0,f", false)]
    public void Names_are_places_when_they_are_one_stem_counted_from_0(string names, bool expected) =>
        Assert.Equal(expected, ColumnNames.ArePlaces([.. names.Split(',')]));

    [Fact]
    public void Splits_of_renamed_columns_have_their_names_and_others_keep_their_own()
    {
        ImmutableArray<FeatureSplits> splits = [new("f1", 3, 0, 2.5), new("count of f0", 1, 0, null)];
        Assert.Equal([new("b", 3, 0, 2.5), new("count of f0", 1, 0, null)], ColumnNames.InSplits(splits, Matrix(["f0", "f1"], []), Matrix(["a", "b"], [])));
        Assert.Equal(splits, ColumnNames.InSplits(splits, Matrix(["f0", "f1"], []), Matrix(["f0", "f1"], [])));
    }

    [Fact]
    public void Contributions_of_renamed_columns_have_their_names_for_every_output()
    {
        var model = Matrix(["f0", "f1"], ["yes:f0", "yes:f1", "yes:bias", "f0:f0", "f0:f1", "f0:bias"]);
        var given = model with { Inputs = Matrix(["bias", "b"], []).Inputs };
        Assert.Equal(["yes:bias", "yes:b", "yes:bias", "f0:bias", "f0:b", "f0:bias"], ColumnNames.InContributions(model, given).Outputs[0].Columns);
        Assert.Equal(model, ColumnNames.InContributions(model, model));
    }

    private static Signature Matrix(ImmutableArray<string> inputs, ImmutableArray<string> outputs) => new(
        [new TensorSpec("input", ElementType.Float32, [-1, inputs.Length], Columns: inputs)],
        [new TensorSpec("contribution", ElementType.Float32, [-1, outputs.Length], Columns: outputs)]);
}
