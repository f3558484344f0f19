using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core;

/// <summary>
/// Ordered, named tensors: what flows through everything. A table is a batch whose tensors share their first dimension.
/// A batch owns its tensors: disposing it returns their buffers to the pool.
/// </summary>
public sealed class Batch : IDisposable, IReadOnlyList<Tensor>
{
    private readonly List<Tensor> _tensors;

    public Batch() => _tensors = new List<Tensor>(4);

    /// <summary>Takes ownership of the tensors.</summary>
    public Batch(params ReadOnlySpan<Tensor> tensors)
    {
        _tensors = new List<Tensor>(tensors.Length);
        foreach (var tensor in tensors) Add(tensor);
    }

    public int Count => _tensors.Count;

    public Tensor this[int index] => _tensors[index];

    /// <exception cref="RecordException">There is no such tensor.</exception>
    public Tensor this[string name] => TryGet(name, out var tensor)
        ? tensor
        : throw new RecordException($"no column or tensor is called '{name}'; there are: {string.Join(", ", _tensors.Select(t => t.Name))}");

    /// <summary>Rows of the table: the first dimension that all tensors share; 0 when empty.</summary>
    /// <exception cref="RecordException">The tensors do not share their first dimension.</exception>
    public int Rows
    {
        get
        {
            if (_tensors.Count == 0) return 0;
            var rows = _tensors[0].Rows;
            foreach (var tensor in _tensors)
            {
                if (tensor.Rows != rows) throw new RecordException($"{_tensors[0]} and {tensor} differ in their number of rows");
            }
            return rows;
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? tensor)
    {
        var index = IndexOf(name);
        tensor = index < 0 ? null : _tensors[index];
        return index >= 0;
    }

    public int IndexOf(string name)
    {
        for (var i = 0; i < _tensors.Count; i++)
        {
            if (string.Equals(_tensors[i].Name, name, StringComparison.Ordinal)) return i;
        }
        return -1;
    }

    /// <summary>Appends a tensor and takes ownership of it.</summary>
    /// <exception cref="RecordException">The name is taken.</exception>
    public void Add(Tensor tensor)
    {
        if (IndexOf(tensor.Name) >= 0) throw new RecordException($"'{tensor.Name}' is given twice");
        _tensors.Add(tensor);
    }

    /// <summary>Puts <paramref name="tensor"/> where the one of the same name was (which is disposed), or appends it.</summary>
    public void Set(Tensor tensor)
    {
        var index = IndexOf(tensor.Name);
        if (index < 0)
        {
            _tensors.Add(tensor);
            return;
        }
        var old = _tensors[index];
        _tensors[index] = tensor;
        if (!ReferenceEquals(old, tensor)) old.Dispose();
    }

    /// <summary>Takes a tensor out; the caller owns it now.</summary>
    public Tensor Remove(string name)
    {
        var tensor = this[name];
        _tensors.Remove(tensor);
        return tensor;
    }

    public void Rename(string from, string to)
    {
        var tensor = this[from];
        if (from == to) return;
        if (IndexOf(to) >= 0) throw new RecordException($"'{from}' cannot be renamed: '{to}' is there already");
        tensor.Name = to;
    }

    /// <summary>Copies the given rows of every tensor, in that order, into a new batch.</summary>
    public Batch Take(ReadOnlySpan<int> rows)
    {
        var taken = new Batch();
        foreach (var tensor in _tensors) taken._tensors.Add(tensor.Take(rows));
        return taken;
    }

    public List<Tensor>.Enumerator GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator<Tensor> IEnumerable<Tensor>.GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _tensors.GetEnumerator();

    public void Dispose()
    {
        foreach (var tensor in _tensors) tensor.Dispose();
        _tensors.Clear();
    }

    public override string ToString() => string.Join(", ", _tensors);
}
