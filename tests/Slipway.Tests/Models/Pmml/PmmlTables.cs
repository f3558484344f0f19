using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Runs models on tables whose answers need not be one a record.</summary>
internal static class PmmlTables
{
    /// <summary>Opens a model whose element brings its own mining schema.</summary>
    public static RowProgramModel Open(string dataFields, string model) => PmmlTest.Open(PmmlTest.Document(dataFields, model));

    /// <param name="columns">Texts, which every type of field is read from.</param>
    /// <returns>For every answer the texts of its outputs, in their order; null when missing.</returns>
    public static string?[][] Answer(this IModel model, params (string Name, string?[] Values)[] columns)
    {
        using var inputs = new Batch();
        foreach (var (name, values) in columns) inputs.Add(Tensor.OfText(name, values));
        using var outputs = model.Run(inputs);
        Assert.Equal(model.Signature.Outputs.Select(o => o.Name), outputs.Select(o => o.Name));
        return [.. Enumerable.Range(0, outputs.Rows).Select(row => outputs.Select(o => Text(o, row)).ToArray())];
    }

    private static string? Text(Tensor column, int row) => column.IsMissing(row) ? null
        : column.Type == ElementType.Bytes ? column.GetText(row)
        : column.NumberAt(row).ToString("R", CultureInfo.InvariantCulture);
}
