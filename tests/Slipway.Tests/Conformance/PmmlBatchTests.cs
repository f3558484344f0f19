using System.Globalization;
using Slipway.Conformance.Pmml;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;

namespace Slipway.Tests.Conformance;

/// <summary>Every model of the suite gives a batch the answers that it gives its rows one by one, to the last bit.</summary>
public class PmmlBatchTests(ITestOutputHelper output)
{
    [Fact]
    public void A_batch_of_texts_is_answered_like_its_rows() => Compare((spec, texts) => Tensor.OfText(spec.Name, texts));

    [Fact]
    public void Columns_of_numbers_are_answered_like_texts() => Compare((spec, texts) => spec.Type.IsNumeric ? Numbers(spec.Name, texts) : Tensor.OfText(spec.Name, texts));

    private void Compare(Func<TensorSpec, string?[], Tensor> column)
    {
        var cases = SuiteManifest.ReadPerturbed(Corpora.Find("pmml"));
        var results = SuiteRun.Run(cases, Environment.ProcessorCount, c => new CaseResult(c.Id, default, "", Difference(c, column) ?? "")).Where(r => r.Reason.Length > 0).ToArray();
        foreach (var result in results) output.WriteLine(result.FailureLine);
        Assert.Empty(results.Select(r => r.Id));
    }

    private static string? Difference(PerturbedCase perturbed, Func<TensorSpec, string?[], Tensor> column)
    {
        try
        {
            var file = perturbed.Case!.Model;
            var input = TextTable.Read(perturbed.Input);
            if (input.Columns.Count == 0) return null; // A batch without columns has no rows.
            using var scorer = PmmlEngine.Open(file);
            var answers = scorer.Score(input).ToArray();
            var accepted = Enumerable.Range(0, answers.Length).Where(i => answers[i].Error is null).ToArray();
            using var model = PmmlRuntime.Open(TextTable.OpenRead(file));
            using var batch = new Batch([.. model.Signature.Inputs.Reverse().Select(spec => column(spec, Texts(input, spec.Name, accepted)))]);
            using var found = model.Run(batch);
            for (var row = 0; row < accepted.Length; row++)
            {
                for (var i = 0; i < found.Count; i++)
                {
                    var (expected, actual) = (Text(answers[accepted[row]].Values![i]), Text(found[i], row));
                    if (expected != actual) return $"row {accepted[row] + 1}, {found[i].Name}: alone {expected ?? "missing"}, in the batch {actual ?? "missing"}";
                }
            }
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static string?[] Texts(TextTable input, string field, int[] rows) =>
        input.IndexOf(field) is >= 0 and var column ? Array.ConvertAll(rows, row => input.Rows[row][column]) : new string?[rows.Length];

    // A column in which some text is no number stays one of texts.
    private static Tensor Numbers(string name, string?[] texts)
    {
        var column = new Tensor(name, ElementType.Float64, texts.Length);
        for (var row = 0; row < texts.Length; row++)
        {
            if (double.TryParse(texts[row], CultureInfo.InvariantCulture, out var number)) column.Values<double>()[row] = number;
            else if (bool.TryParse(texts[row], out var truth)) column.Values<double>()[row] = truth ? 1 : 0;
            else if (texts[row] is null) column.SetMissing(row);
            else return Tensor.OfText(name, texts);
        }
        return column;
    }

    private static string? Text(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static string? Text(Tensor tensor, int row) => tensor.IsMissing(row) ? null : tensor.Type switch
    {
        ElementType.Bytes => tensor.GetText(row),
        ElementType.Int64 => Text(tensor.Values<long>()[row]),
        ElementType.Float32 => Text(tensor.Values<float>()[row]),
        ElementType.Bool => Text(tensor.Values<bool>()[row]),
        _ => Text(tensor.Values<double>()[row]),
    };
}
