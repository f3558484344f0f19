using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.CatBoost;

public class EncoderTests
{
    private static readonly TreeModelDefinition Model = CatBoostFormat.Binary.Read(File.ReadAllBytes(GoldenFiles.PathOf("categories.cbm")));

    /// <summary>The golden model's c3 has whole numbers as categories.</summary>
    [Theory]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.Float64)]
    [InlineData(ElementType.Float32)]
    public void Numbers_are_the_categories_that_they_print_as(ElementType type)
    {
        using var texts = GoldenFiles.Table("categories");
        using var numbers = GoldenFiles.Table("categories");
        var column = Array.FindIndex([.. texts.Select(t => t.Name)], n => n == "c3");
        var values = Enumerable.Range(0, texts[column].Rows).Select(r => int.TryParse(texts[column].GetText(r), out var number) ? number : 77).ToArray();
        using var typed = Tensor.Of<int>("c3", values).ConvertTo(type);
        var withNumbers = new Batch();
        foreach (var tensor in numbers) withNumbers.Add(tensor.Name == "c3" ? typed : tensor);
        Assert.Equal(Rows(texts), Rows(withNumbers));
    }

    [Fact]
    public void Booleans_and_fractions_and_large_numbers_print_as_CatBoost_and_Python_print_them()
    {
        var booleans = new Tensor("b", ElementType.Bool, 2);
        booleans.RawData[0] = 1;
        Assert.Equal([Hash("1"), Hash("0")], Hashes(booleans));
        Assert.Equal([Hash("2.5"), Hash("-0.1"), Hash("3")], Hashes(Tensor.Of<double>("d", [2.5, -0.1, 3.0])));
        Assert.Equal([Hash("0.1")], Hashes(Tensor.Of<float>("f", [0.1f])));
        Assert.Equal([Hash("9007199254740993"), Hash("-9223372036854775808")], Hashes(Tensor.Of<long>("l", [9007199254740993, long.MinValue])));
        Assert.Equal([Hash("18446744073709551615")], Hashes(Tensor.Of<ulong>("u", [ulong.MaxValue])));
    }

    [Fact]
    public void A_missing_category_is_the_text_that_the_model_was_trained_with_in_its_place()
    {
        // c2 has CTRs and knows "nan" and ""; of both "nan" comes first.
        Assert.Equal(RowOf("nan"), RowOf(null));
        Assert.NotEqual(RowOf("red"), RowOf(null));

        static double[] RowOf(string? category)
        {
            using var row = new Batch();
            foreach (var input in Model.Signature.Inputs)
            {
                row.Add(input.Name == "c2" ? Tensor.OfText("c2", category) : input.Type == ElementType.Bytes ? Tensor.OfText(input.Name, "x") : Tensor.Of<double>(input.Name, [0.0]));
            }
            return Rows(row);
        }
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("None", "\"None\"")]
    [InlineData("nan", "\"red\"")]
    public void What_stands_for_missing_is_looked_for_among_the_values_of_the_feature(string standsFor, string known)
    {
        var value = CtrHash.OfCategory(System.Text.Encoding.UTF8.GetBytes(known.Trim('"')));
        var model = $$"""
            {"features_info":{"categorical_features":[{"feature_index":0,"flat_feature_index":0,"feature_id":"kind","values":[{{value}}],"string_values":[{{known}}]}]},
             "oblivious_trees":[{"leaf_values":[1,2],"splits":[{"split_type":"OneHotFeature","cat_feature_index":0,"value":{{value}},"split_index":0}]}]}
            """;
        using var compiled = TreesModel.Compile(CatBoostFormat.Json.Read(System.Text.Encoding.UTF8.GetBytes(model)), RuntimeOptions.Default);
        using var inputs = new Batch(Tensor.OfText("kind", null, standsFor));
        using var outputs = compiled.Run(inputs);
        Assert.Equal(outputs[0].Values<double>()[1], outputs[0].Values<double>()[0]);
        Assert.Equal(standsFor == "nan" ? 1 : 2, outputs[0].Values<double>()[0]);
    }

    [Fact]
    public void Rows_are_encoded_without_allocations()
    {
        using var table = GoldenFiles.Table("categories");
        var rows = new double[table[0].Rows * Model.Encoder!.Features];
        Model.Encoder.Encode<double>(table, 0, rows);
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Model.Encoder.Encode<double>(table, 0, rows);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void Any_cut_of_a_table_gives_the_same_rows()
    {
        using var table = GoldenFiles.Table("categories");
        var (count, features) = (table[0].Rows, Model.Encoder!.Features);
        var whole = Rows(table);
        var pieces = new double[whole.Length];
        var random = new Random(3);
        for (var first = 0; first < count;)
        {
            var rows = Math.Min(random.Next(1, 20), count - first);
            Model.Encoder.Encode(table, first, pieces.AsSpan(first * features, rows * features));
            first += rows;
        }
        Assert.Equal(whole, pieces);
    }

    private static double[] Rows(Batch table)
    {
        var rows = new double[table[0].Rows * Model.Encoder!.Features];
        Model.Encoder.Encode<double>(table, 0, rows);
        return rows;
    }

    private static int[] Hashes(Tensor column)
    {
        var hashes = new int[column.Rows];
        CategoryHashes.Of(column, 0, missing: 0, hashes);
        column.Dispose();
        return hashes;
    }

    private static int Hash(string text) => CtrHash.OfCategory(System.Text.Encoding.UTF8.GetBytes(text));
}
