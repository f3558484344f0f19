using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Data;

/// <summary>One value a row: an element of a tensor that may have several a row.</summary>
/// <param name="Tensor">Index of the tensor in its batch.</param>
/// <param name="Element">Which of the tensor's elements of a row.</param>
public readonly record struct FlatColumn(string Name, ElementType Type, int Tensor, int Element, int Stride)
{
    /// <summary>Index into the tensor of this column's value in <paramref name="row"/>.</summary>
    public int At(int row) => (row * Stride) + Element;
}

/// <summary>
/// A batch as the columns of a table: a tensor <c>[rows]</c> is one column, a tensor <c>[rows, k]</c> is k of them, named by
/// <see cref="TableWriteOptions.Columns"/> or <c>name_0</c>, <c>name_1</c>, ….
/// </summary>
public sealed class FlatColumns
{
    private readonly ImmutableArray<(string Name, ElementType Type, int Stride)> _tensors;

    /// <exception cref="SlipwayException">Two columns would have the same name.</exception>
    public FlatColumns(Batch batch, TableWriteOptions options)
    {
        _tensors = [.. batch.Select(t => (t.Name, t.Type, t.Stride))];
        var columns = ImmutableArray.CreateBuilder<FlatColumn>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var (name, type, stride) = _tensors[i];
            var names = options.Columns is { } given && given.TryGetValue(name, out var listed) ? listed : [];
            for (var element = 0; element < stride; element++)
            {
                var column = names.Length == stride ? names[element] : stride == 1 ? name : $"{name}_{element}";
                columns.Add(new FlatColumn(column, type, i, element, stride));
            }
        }
        Columns = columns.ToImmutable();
        var twice = Columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new SlipwayException($"two columns would be called '{twice.Key}'; rename one of {batch}");
    }

    public ImmutableArray<FlatColumn> Columns { get; }

    public ImmutableArray<string> Names => [.. Columns.Select(c => c.Name)];

    /// <summary>These columns alone, in this order.</summary>
    /// <exception cref="SlipwayException">There is no such column.</exception>
    public ImmutableArray<FlatColumn> Select(IEnumerable<string> names) => [.. names.Select(name =>
    {
        foreach (var column in Columns)
        {
            if (column.Name == name) return column;
        }
        throw new SlipwayException($"no column is called '{name}'; there are: {string.Join(", ", Names)}");
    })];

    /// <summary>True when the batch has the very tensors that these columns were made for.</summary>
    public bool Fits(Batch batch)
    {
        if (batch.Count != _tensors.Length) return false;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Name != _tensors[i].Name || batch[i].Type != _tensors[i].Type || batch[i].Stride != _tensors[i].Stride) return false;
        }
        return true;
    }
}
