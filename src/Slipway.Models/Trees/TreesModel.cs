using System.Buffers;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Trees;

/// <summary>A compiled tree (or linear) model: matrix in, predictions out.</summary>
internal sealed class TreesModel : IModel
{
    /// <summary>Rows that one thread scores at a time when several work; also how many rows are copied at a time when some values are missing.</summary>
    private const int RowsPerChunk = 4096;

    private readonly MarginKernel<float> _kernel;
    private readonly MarginTransform _transform;
    private readonly TensorSpec _output;
    private readonly int _threads;
    private volatile bool _disposed;

    public TreesModel(Signature signature, MarginKernel<float> kernel, MarginTransform transform, int threads)
    {
        Signature = signature;
        _kernel = kernel;
        _transform = transform;
        _output = signature.Outputs[0];
        _threads = threads == 0 ? Environment.ProcessorCount : threads;
    }

    public Signature Signature { get; }

    public Batch Run(Batch inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        InputBinding.Require(Signature, inputs);
        var input = inputs[Signature.Inputs[0].Name];
        var outputs = _transform.OutputsFor(_kernel.Outputs);
        var output = outputs == 1
            ? Tensor.Uninitialized(_output.Name, ElementType.Float32, input.Rows)
            : Tensor.Uninitialized(_output.Name, ElementType.Float32, input.Rows, outputs);
        try
        {
            if (_threads > 1 && input.Rows > RowsPerChunk) ScoreInParallel(input, output);
            else Score(input, output, 0, input.Rows);
            return new Batch(output);
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    public void Dispose() => _disposed = true;

    private void ScoreInParallel(Tensor input, Tensor output)
    {
        var chunks = (input.Rows + RowsPerChunk - 1) / RowsPerChunk;
        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = _threads }, chunk =>
        {
            var from = chunk * RowsPerChunk;
            Score(input, output, from, Math.Min(RowsPerChunk, input.Rows - from));
        });
    }

    private void Score(Tensor input, Tensor output, int from, int count)
    {
        var predictions = output.Values<float>();
        predictions = predictions.Slice(from * output.Stride, count * output.Stride);
        if (input.HasMissing) ScoreWithMissing(input, predictions, from, count);
        else Predict(input.Values<float>().Slice(from * _kernel.Features, count * _kernel.Features), predictions, count);
    }

    /// <summary>Kernels know NaN only, so rows with marked elements are copied first.</summary>
    private void ScoreWithMissing(Tensor input, Span<float> predictions, int from, int count)
    {
        var features = _kernel.Features;
        var values = input.Values<float>();
        var width = predictions.Length / Math.Max(1, count);
        var chunk = Math.Max(1, Math.Min(count, 65536 / features));
        var copy = ArrayPool<float>.Shared.Rent(chunk * features);
        try
        {
            for (var done = 0; done < count; done += chunk)
            {
                var rows = Math.Min(chunk, count - done);
                var first = (from + done) * features;
                var marked = copy.AsSpan(0, rows * features);
                values.Slice(first, marked.Length).CopyTo(marked);
                for (var i = 0; i < marked.Length; i++)
                {
                    if (input.IsMissing(first + i)) marked[i] = float.NaN;
                }
                Predict(marked, predictions.Slice(done * width, rows * width), rows);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(copy);
        }
    }

    private void Predict(ReadOnlySpan<float> rows, Span<float> predictions, int count)
    {
        if (_transform.OutputsFor(_kernel.Outputs) == _kernel.Outputs)
        {
            _kernel.Score(rows, predictions);
            MarginTransforms.Apply(_transform, predictions, _kernel.Outputs);
            return;
        }
        var margins = ArrayPool<float>.Shared.Rent(count * _kernel.Outputs);
        try
        {
            var used = margins.AsSpan(0, count * _kernel.Outputs);
            _kernel.Score(rows, used);
            MarginTransforms.Apply(_transform, used, _kernel.Outputs);
            used[..count].CopyTo(predictions);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(margins);
        }
    }
}
