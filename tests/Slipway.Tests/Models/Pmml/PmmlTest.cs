using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>
/// A PMML model around one model element, and its answers to rows, each scored alone and as a batch, which must agree.
/// <code>
/// using var model = new PmmlTest("x n:integer color=red,green *y", "&lt;RegressionModel functionName='regression'&gt;&lt;MiningSchema/&gt;…&lt;/RegressionModel&gt;");
/// Assert.Equal(3.5, model.Score(("x", 1.5), ("color", "red"))["y"]);
/// </code>
/// </summary>
internal sealed class PmmlTest : IDisposable
{
    private readonly RowProgramModel _model;

    /// <param name="fields">
    /// The data fields: <c>x</c> is a continuous double, <c>n:integer</c> has another type, <c>color=red,green</c> is categorical with those values
    /// (<c>size:integer=1,2</c>, <c>text:string</c>); <c>*</c> before a name makes it the target. Or the DataField elements themselves.
    /// </param>
    /// <param name="model">The model element; an empty <c>&lt;MiningSchema/&gt;</c> in it stands for all the fields.</param>
    /// <param name="dictionary">The content of the transformation dictionary.</param>
    public PmmlTest(string fields, string model, string dictionary = "") => _model = Open(Document(fields, model, dictionary));

    public Signature Signature => _model.Signature;

    public static RowProgramModel Open(string document) => PmmlRuntime.Open(new MemoryStream(Encoding.UTF8.GetBytes(document)));

    /// <inheritdoc cref="PmmlTest(string, string, string)"/>
    public static string Document(string fields, string model, string dictionary = "")
    {
        var (data, schema) = fields.Contains('<', StringComparison.Ordinal) ? (fields, "<MiningSchema/>") : Declare(fields);
        return $"""
            <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
            <Header/><DataDictionary>{data}</DataDictionary><TransformationDictionary>{dictionary}</TransformationDictionary>
            {model.Replace("<MiningSchema/>", schema, StringComparison.Ordinal)}
            </PMML>
            """;
    }

    /// <returns>Every output by name: a double for numbers of any type and booleans, a string for the rest, null when missing.</returns>
    /// <exception cref="RecordException">The row cannot be scored.</exception>
    public IReadOnlyDictionary<string, object?> Score(params (string Field, object? Value)[] row)
    {
        var scorer = _model.CreateScorer();
        for (var i = 0; i < scorer.InputCount; i++)
        {
            var value = Array.Find(row, cell => cell.Field == scorer.InputName(i)).Value;
            if (value is null) scorer.SetMissing(i);
            else if (value is string text) scorer.Set(i, text);
            else scorer.Set(i, Convert.ToDouble(value, CultureInfo.InvariantCulture));
        }
        scorer.Score();
        var answer = new Dictionary<string, object?>();
        for (var i = 0; i < scorer.OutputCount; i++)
        {
            var isNumber = scorer.OutputType(i).IsNumeric || scorer.OutputType(i) == CellType.Boolean;
            answer[scorer.OutputName(i)] = !isNumber ? scorer.Text(i) : scorer.TryGetNumber(i, out var number) ? number : null;
        }
        AssertBatchAgrees(row, answer);
        return answer;
    }

    public void Dispose() => _model.Dispose();

    private void AssertBatchAgrees((string Field, object? Value)[] row, Dictionary<string, object?> answer)
    {
        using var inputs = new Batch();
        foreach (var input in _model.Signature.Inputs)
        {
            var value = Array.Find(row, cell => cell.Field == input.Name).Value;
            inputs.Add(value is null or string
                ? Tensor.OfText(input.Name, [(string?)value])
                : Tensor.Of<double>(input.Name, [Convert.ToDouble(value, CultureInfo.InvariantCulture)], 1));
        }
        using var outputs = _model.Run(inputs);
        foreach (var output in outputs)
        {
            object? value = output.IsMissing(0) ? null : output.Type == ElementType.Bytes ? output.GetText(0) : output.NumberAt(0);
            Assert.Equal(answer[output.Name], value);
        }
    }

    private static (string Data, string Schema) Declare(string fields)
    {
        var (data, schema) = (new StringBuilder(), new StringBuilder());
        foreach (var field in fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isTarget = field[0] == '*';
            var (declaration, values) = Cut(field.TrimStart('*'), '=');
            var (name, type) = Cut(declaration, ':');
            type ??= values is null ? "double" : "string";
            var opType = values is null && type is not ("string" or "boolean") ? "continuous" : "categorical";
            data.Append($"""<DataField name="{name}" optype="{opType}" dataType="{type}">""");
            foreach (var value in values?.Split(',') ?? []) data.Append($"""<Value value="{value}"/>""");
            data.Append("</DataField>");
            schema.Append($"""<MiningField name="{name}" usageType="{(isTarget ? "target" : "active")}"/>""");
        }
        return (data.ToString(), $"<MiningSchema>{schema}</MiningSchema>");
    }

    private static (string Before, string? After) Cut(string text, char at)
    {
        var index = text.IndexOf(at);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}
