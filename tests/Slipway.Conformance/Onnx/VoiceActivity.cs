using System.Buffers.Binary;
using System.Text.Json;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>
/// Silero VAD over a recording: probabilities of speech per chunk, with the state and the last samples carried from chunk to chunk,
/// against those of PyTorch running the owner's own TorchScript twin (reference_jit_probs.json).
/// </summary>
internal sealed class VoiceActivity
{
    /// <summary>The samples before a chunk that the model is given with it, at 16 kHz.</summary>
    private const int Context = 64;

    private readonly float[] _samples;
    private readonly float[] _expected;
    private readonly int _chunk;
    private readonly long _rate;

    private VoiceActivity(string folder)
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference_jit_probs.json")));
        _expected = [.. reference.RootElement.GetProperty("speech_probability").EnumerateArray().Select(p => p.GetSingle())];
        _chunk = reference.RootElement.GetProperty("chunk").GetInt32();
        _rate = reference.RootElement.GetProperty("sample_rate").GetInt64();
        _samples = Samples(File.ReadAllBytes(Path.Combine(folder, "test.wav")));
    }

    /// <summary>The case, if it is one: null for other models.</summary>
    public static VoiceActivity? Of(OnnxCase net) => File.Exists(Path.Combine(net.Folder, "reference_jit_probs.json")) ? new VoiceActivity(net.Folder) : null;

    public Difference? Judge(IOnnxModel model, ValueComparison comparison, OutputDigest digest, CancellationToken cancellation)
    {
        var state = new TensorValue(DataType.Float32, 2, 1, 128);
        var sampleRate = new TensorValue(DataType.Int64, []);
        sampleRate.Values<long>()[0] = _rate;
        for (var i = 0; i < _expected.Length; i++)
        {
            var input = new TensorValue(DataType.Float32, 1, Context + _chunk);
            var from = Math.Max(0, i * _chunk - Context);
            var samples = _samples.AsSpan(from, Math.Min((i + 1) * _chunk, _samples.Length) - from);
            samples.CopyTo(input.Values<float>()[(i == 0 ? Context : 0)..]);
            var outputs = model.Run(new Dictionary<string, Value> { ["input"] = input, ["state"] = state, ["sr"] = sampleRate }, cancellation);
            digest.Append(outputs);
            if (comparison.Of($"chunk {i}", TensorValue.Of([_expected[i]], 1, 1), outputs[0]) is { } difference) return difference;
            state = outputs[1].AsTensor;
        }
        return null;
    }

    /// <summary>The first channel of a RIFF file of 16-bit samples.</summary>
    private static float[] Samples(ReadOnlySpan<byte> file)
    {
        var channels = 1;
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            var chunk = file.Slice(at + 8, Math.Min(length, file.Length - at - 8));
            if (file.Slice(at, 4).SequenceEqual("fmt "u8)) channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
            if (file.Slice(at, 4).SequenceEqual("data"u8))
            {
                var samples = new float[chunk.Length / 2 / channels];
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(chunk[(i * channels * 2)..]) / 32768f;
                return samples;
            }
            at += 8 + length + (length & 1);
        }
        throw new ConformanceException("the recording has no samples");
    }
}
