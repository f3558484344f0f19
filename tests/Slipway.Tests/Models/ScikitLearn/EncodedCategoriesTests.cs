using System.Text;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Formats.ScikitLearn;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.ScikitLearn;

/// <summary>Histogram boosting that numbers categories itself, as scikit-learn 1.4 and later export it: a model of 1.2.1, whose trees take numbers, is given lists of categories.</summary>
public class EncodedCategoriesTests
{
    /// <summary>The column with categories comes first in the rows of the trees.</summary>
    private static readonly int[] Order = [3, 0, 1, 2, 4];

    [Fact]
    public void Categories_that_are_numbers_are_looked_up_in_a_matrix()
    {
        var rows = GoldenFiles.Input("histogram-categories");
        using var encoded = Open("[[5,4,3,2,1,0,\"NaN\"]]");
        using var answers = encoded.Run(GoldenFiles.Inputs(encoded.Signature, rows));
        using var expected = Expected(rows, value => value is >= 0 and <= 5 ? 5 - value : double.NaN);
        Assert.Null(TensorComparison.Difference(expected, answers));
    }

    [Fact]
    public void Categories_that_are_texts_make_an_input_for_each_feature()
    {
        string[] names = ["zero", "one", "two", "three", "four", "five"];
        var rows = GoldenFiles.Input("histogram-categories");
        using var encoded = Open("[[\"zero\",\"one\",\"two\",\"three\",\"four\",\"five\",null]]");
        Assert.Equal(["x0", "x1", "x2", "x3", "x4"], encoded.Signature.Inputs.Select(i => i.Name));
        Assert.Equal(ElementType.Bytes, encoded.Signature.Inputs[3].Type);
        using var inputs = new Batch();
        for (var f = 0; f < 5; f++)
        {
            inputs.Add(f == 3
                ? Tensor.OfText("x3", [.. rows.Select(r => double.IsNaN(r[3]) ? null : r[3] is >= 0 and <= 5 ? names[(int)r[3]] : "never seen")])
                : Tensor.Of<double>($"x{f}", [.. rows.Select(r => r[f])]));
        }
        using var answers = encoded.Run(inputs);
        using var expected = Expected(rows, value => value is >= 0 and <= 5 ? value : double.NaN);
        Assert.Null(TensorComparison.Difference(expected, answers));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[[1,2],[3]]")]
    [InlineData("[[[1]]]")]
    [InlineData("[5]")]
    [InlineData("7")]
    public void Lists_that_do_not_fit_are_refused(string categories) => Assert.Throws<ModelException>(() => Open(categories));

    private static IModel Open(string categories)
    {
        var text = File.ReadAllText(GoldenFiles.PathOf("histogram-categories.json"));
        var at = text.IndexOf("\"_predictors\"", StringComparison.Ordinal);
        var definition = new SklearnJsonFormat().Read(Encoding.UTF8.GetBytes($"{text[..at]}\"categories\":{categories},{text[at..]}"));
        return TreesModel.Compile(definition, RuntimeOptions.Default);
    }

    /// <summary>What the trees answer to rows that are encoded here.</summary>
    private static Batch Expected(double[][] rows, Func<double, double> place)
    {
        using var plain = new TreesRuntime().Open(GoldenFiles.PathOf("histogram-categories.json"), RuntimeOptions.Default);
        return plain.Run(GoldenFiles.Inputs(plain.Signature, [.. rows.Select(r => Order.Select(f => f == 3 ? place(r[3]) : r[f]).ToArray())]));
    }
}
