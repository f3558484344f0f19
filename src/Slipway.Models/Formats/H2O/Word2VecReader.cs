using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Word embeddings: a vector for each word of a vocabulary, NaN for every other.</summary>
internal static class Word2VecReader
{
    public static MojoModel Read(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var (words, size) = (info.Int("vocab_size"), info.Int("vec_size"));
        var vocabulary = Encoding.UTF8.GetString(archive.Read("vocabulary")).ReplaceLineEndings("\n");
        ImmutableArray<string> names = [.. (vocabulary.EndsWith('\n') ? vocabulary[..^1] : vocabulary).Split('\n')];
        if (names.Length != words) throw info.Fault("vocab_size", $"{names.Length}, the words in {archive.PathOf("vocabulary")},");
        var vectors = archive.Read("vectors");
        if (size < 1 || vectors.Length != 4L * words * size) throw info.Fault("vec_size", $"a size by which {words} vectors fill the {vectors.Length} bytes of {archive.PathOf("vectors")}");
        return new MojoModel(header.WithColumn("word", names))
        {
            Kernel = new EmbeddingKernel(vectors, size),
            Predictions = [.. Enumerable.Range(1, size).Select(i => string.Create(CultureInfo.InvariantCulture, $"C{i}"))],
            Facts = [new("words", words.ToString(CultureInfo.InvariantCulture)), new("vector size", size.ToString(CultureInfo.InvariantCulture))],
        };
    }
}

/// <param name="vectors">Word by word, big-endian float32.</param>
internal sealed class EmbeddingKernel(byte[] vectors, int size) : MarginKernel<double>(1, size)
{
    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var vector = margins.Slice(r * Outputs, Outputs);
            var word = rows[r * rowLength];
            if (double.IsNaN(word)) vector.Fill(double.NaN);
            else
            {
                for (var i = 0; i < vector.Length; i++) vector[i] = BinaryPrimitives.ReadSingleBigEndian(vectors.AsSpan(4 * (((int)word * Outputs) + i)));
            }
        }
    }
}
