using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>The categories of a pandas column; their places in the list are the codes that the model was trained on.</summary>
/// <param name="Kind">Of all categories; texts when they differ.</param>
/// <param name="Texts">As they are written; numbers as JSON.</param>
internal sealed record PandasCategories(CategoryKind Kind, ImmutableArray<string> Texts)
{
    /// <summary>Reads a JSON array with an array for each column; <c>null</c> reads as none.</summary>
    /// <exception cref="ModelException">It is something else.</exception>
    public static ImmutableArray<PandasCategories> Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            var columns = Read(ref reader);
            if (reader.Read()) throw new ModelException("something follows the end of the array");
            return columns;
        }
        catch (JsonException e)
        {
            throw new ModelException($"not valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelException("a text is not valid UTF-8", e);
        }
    }

    /// <summary>Reads the value at which the reader stands.</summary>
    public static ImmutableArray<PandasCategories> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return [];
        if (reader.TokenType != JsonTokenType.StartArray) throw new ModelException($"an array expected, {reader.TokenType} found");
        var columns = ImmutableArray.CreateBuilder<PandasCategories>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) columns.Add(ReadColumn(ref reader));
        return columns.ToImmutable();
    }

    private static PandasCategories ReadColumn(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new ModelException($"an array of categories expected, {reader.TokenType} found");
        var texts = ImmutableArray.CreateBuilder<string>();
        CategoryKind? kind = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var (text, own) = ReadCategory(ref reader);
            texts.Add(text);
            kind = kind is null || kind == own ? own : CategoryKind.Text;
        }
        return new(kind ?? CategoryKind.Text, texts.ToImmutable());
    }

    private static (string Text, CategoryKind Kind) ReadCategory(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => (reader.GetString()!, CategoryKind.Text),
        JsonTokenType.Number => (Encoding.UTF8.GetString(reader.ValueSpan), CategoryKind.Number),
        JsonTokenType.True => ("True", CategoryKind.Boolean),
        JsonTokenType.False => ("False", CategoryKind.Boolean),
        _ => throw new ModelException($"a text, a number or a boolean expected, {reader.TokenType} found"),
    };

    /// <summary>The codes of categories that are numbers or booleans (0 and 1, to which they are equal in Python); of equal ones the first.</summary>
    public Dictionary<double, int> CodesOfNumbers()
    {
        var codes = new Dictionary<double, int>(Texts.Length);
        for (var code = 0; code < Texts.Length; code++)
        {
            var number = Kind == CategoryKind.Boolean ? (Texts[code] == "True" ? 1 : 0) : double.Parse(Texts[code], NumberStyles.Float, CultureInfo.InvariantCulture);
            codes.TryAdd(number, code);
        }
        return codes;
    }

    /// <summary>Finds the feature of each column. LightGBM matches them by order only, so where the file leaves a choice there is no answer.</summary>
    /// <returns>Feature by column; null when it cannot be told.</returns>
    public static int[]? FindFeatures(LightGbmDocument document)
    {
        if (document.CategoricalFeatures is { } declared && Fits(document, [.. declared])) return [.. declared];
        int[] categorical = [.. Enumerable.Range(0, document.Features).Where(document.IsCategorical)];
        if (Fits(document, categorical)) return categorical;
        // Ordered categories are numerical features, and features can be declared categorical without pandas: only if there is one way to place the
        // columns in order, it is theirs.
        var first = Place(document, fromEnd: false);
        var last = Place(document, fromEnd: true);
        return first is not null && last is not null && first.AsSpan().SequenceEqual(last) ? first : null;
    }

    private static bool Fits(LightGbmDocument document, ReadOnlySpan<int> features)
    {
        if (features.Length != document.PandasCategories.Length) return false;
        for (var column = 0; column < features.Length; column++)
        {
            if (!document.PandasCategories[column].Fits(document, features[column])) return false;
        }
        return true;
    }

    /// <summary>The codes that training saw are codes of this list.</summary>
    private bool Fits(LightGbmDocument document, int feature)
    {
        if (feature >= document.Features) return false;
        if (feature >= document.FeatureInfos.Length) return true;
        var info = document.FeatureInfos[feature];
        return info.Kind == FeatureKind.Unused || (info.Min >= -1 && info.Max < Texts.Length && double.IsInteger(info.Min) && double.IsInteger(info.Max));
    }

    /// <summary>Every column in turn, from one end, to the next feature that it fits.</summary>
    private static int[]? Place(LightGbmDocument document, bool fromEnd)
    {
        var columns = document.PandasCategories;
        var features = new int[columns.Length];
        for (int placed = 0, step = 0; placed < columns.Length; placed++)
        {
            var column = fromEnd ? columns.Length - 1 - placed : placed;
            int Feature() => fromEnd ? document.Features - 1 - step : step;
            while (step < document.Features && !columns[column].Fits(document, Feature())) step++;
            if (step == document.Features) return null;
            features[column] = Feature();
            step++;
        }
        return features;
    }
}

/// <summary>What categories are in Python.</summary>
internal enum CategoryKind
{
    Text,
    Number,
    Boolean,
}
