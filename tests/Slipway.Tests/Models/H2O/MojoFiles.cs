using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>Archives of the corpus, and tables as inputs for them.</summary>
internal static class MojoFiles
{
    private static readonly ConcurrentDictionary<string, byte[]> Archives = new();

    /// <summary>The archive of a case, zipped here when the corpus holds it unpacked.</summary>
    public static byte[] Corpus(string name) => Archives.GetOrAdd(name, static n =>
    {
        var folder = Path.Combine(Corpora.Find("trees"), n);
        return Directory.GetFiles(folder, "*.zip") is [var zip] ? File.ReadAllBytes(zip) : Zip(folder);
    });

    public static IModel Open(byte[] archive, OutputKind output = OutputKind.Prediction)
    {
        var definition = Read(archive);
        Assert.Empty(definition.Unsupported);
        return TreesModel.Compile(definition, RuntimeOptions.Default with { Output = output });
    }

    public static TreeModelDefinition Read(byte[] archive) => new Slipway.Models.Formats.H2O.H2OMojoFormat().Read(archive);

    /// <summary>Scores a table whose header names the model's columns; more columns are ignored.</summary>
    public static Batch Run(IModel model, CorpusTable table)
    {
        using var columns = Columns(model.Signature, table);
        var inputs = InputBinding.Bind(model.Signature, columns, allowExtra: true);
        try
        {
            return model.Run(inputs);
        }
        finally
        {
            if (inputs != columns) inputs.Dispose();
        }
    }

    public static Batch Columns(Signature signature, CorpusTable table)
    {
        var batch = new Batch();
        foreach (var input in signature.Inputs)
        {
            foreach (var name in input.Columns.IsEmpty ? [input.Name] : input.Columns)
            {
                var column = table.Header.IndexOf(name);
                Assert.True(column >= 0, $"the table has no column '{name}'");
                var cells = table.Rows.Select(r => IsMissing(r[column]) ? null : r[column]).ToArray();
                batch.Add(input.Type == ElementType.Bytes ? Tensor.OfText(name, cells) : Numbers(name, cells));
            }
        }
        return batch;
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsMissing(string cell) => cell is "" or "NA" or "N/A";

    private static Tensor Numbers(string name, string?[] cells)
    {
        var tensor = new Tensor(name, ElementType.Float64, cells.Length);
        var values = tensor.Values<double>();
        for (var row = 0; row < cells.Length; row++)
        {
            if (cells[row] is { } cell) values[row] = Number(cell);
            else tensor.SetMissing(row);
        }
        return tensor;
    }

    private static byte[] Zip(string folder)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "case.json").Order(StringComparer.Ordinal))
            {
                zip.CreateEntryFromFile(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), CompressionLevel.Fastest);
            }
        }
        return stream.ToArray();
    }
}
