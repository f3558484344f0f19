using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// A step of LSTM cells as almost every network has them — sigmoid for the gates, tanh for what enters and leaves the cell — in three loops, each with all that is
/// added, multiplied and stored around a function. The bits are those of one operation after another.
/// </summary>
internal static class LstmCells
{
    /// <param name="gates">[4 · units]: what the state gives to the input, output, forget and cell gates; arbitrary afterwards.</param>
    /// <param name="contribution">[4 · units]: what is added to them.</param>
    /// <param name="memory">[units]: the cells, before and after.</param>
    /// <param name="state">[units]: what the cells put out.</param>
    public static void Step<T>(Span<T> gates, ReadOnlySpan<T> contribution, Span<T> memory, Span<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float)) Step<float, Functions.Sigmoid, Functions.Tanh>(MemoryMarshal.Cast<T, float>(gates), MemoryMarshal.Cast<T, float>(contribution), MemoryMarshal.Cast<T, float>(memory), MemoryMarshal.Cast<T, float>(state));
        else Step<double, Functions.Sigmoid, Functions.Tanh>(MemoryMarshal.Cast<T, double>(gates), MemoryMarshal.Cast<T, double>(contribution), MemoryMarshal.Cast<T, double>(memory), MemoryMarshal.Cast<T, double>(state));
    }

    private static void Step<T, TSigmoid, TTanh>(Span<T> gates, ReadOnlySpan<T> contribution, Span<T> memory, Span<T> state)
        where T : unmanaged
        where TSigmoid : struct, IFunction<T>
        where TTanh : struct, IFunction<T>
    {
        if (Vector512.IsHardwareAccelerated) Step<T, TSigmoid, TTanh, SimdVector512<T>>(gates, contribution, memory, state);
        else if (Vector256.IsHardwareAccelerated) Step<T, TSigmoid, TTanh, SimdVector256<T>>(gates, contribution, memory, state);
        else Step<T, TSigmoid, TTanh, SimdVector128<T>>(gates, contribution, memory, state);
    }

    internal static void Step<T, TSigmoid, TTanh, V>(Span<T> gates, ReadOnlySpan<T> contribution, Span<T> memory, Span<T> state)
        where T : unmanaged
        where TSigmoid : struct, IFunction<T>
        where TTanh : struct, IFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        var units = memory.Length;
        FunctionMap.RequireLength(gates.Length, 4 * units, nameof(gates));
        FunctionMap.RequireLength(contribution.Length, 4 * units, nameof(contribution));
        FunctionMap.RequireLength(state.Length, units, nameof(state));
        ref var opened = ref MemoryMarshal.GetReference(gates);
        ref var added = ref MemoryMarshal.GetReference(contribution);
        ref var cells = ref MemoryMarshal.GetReference(memory);
        var whole = units - (units % V.Count);
        for (var gate = 0; gate < 3; gate++) Open<T, TSigmoid, V>(ref Unsafe.Add(ref opened, gate * units), ref Unsafe.Add(ref added, gate * units), whole);
        Remember<T, TTanh, V>(ref opened, ref Unsafe.Add(ref added, 3 * units), ref cells, units, whole);
        Release<T, TTanh, V>(ref Unsafe.Add(ref opened, units), ref cells, ref MemoryMarshal.GetReference(state), whole);
        if (whole < units) StepRest<T, TSigmoid, TTanh, V>(gates, contribution, memory, state, whole);
    }

    // Each loop has one function: of several the compiler would leave calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Open<T, TSigmoid, V>(ref T gate, ref T added, int count)
        where T : unmanaged
        where TSigmoid : struct, IFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        for (var i = 0; i < count; i += V.Count) V.Store(TSigmoid.Invoke(V.Load(ref gate, i) + V.Load(ref added, i)), ref gate, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Remember<T, TTanh, V>(ref T gates, ref T added, ref T cells, int units, int count)
        where T : unmanaged
        where TTanh : struct, IFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        for (var i = 0; i < count; i += V.Count)
        {
            var candidate = TTanh.Invoke(V.Load(ref gates, (3 * units) + i) + V.Load(ref added, i));
            V.Store((V.Load(ref gates, (2 * units) + i) * V.Load(ref cells, i)) + (V.Load(ref gates, i) * candidate), ref cells, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Release<T, TTanh, V>(ref T output, ref T cells, ref T state, int count)
        where T : unmanaged
        where TTanh : struct, IFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        for (var i = 0; i < count; i += V.Count) V.Store(V.Load(ref output, i) * TTanh.Invoke(V.Load(ref cells, i)), ref state, i);
    }

    /// <summary>The units from <paramref name="start"/> on, fewer than a vector has lanes: the same on padded vectors.</summary>
    private static void StepRest<T, TSigmoid, TTanh, V>(Span<T> gates, ReadOnlySpan<T> contribution, Span<T> memory, Span<T> state, int start)
        where T : unmanaged
        where TSigmoid : struct, IFunction<T>
        where TTanh : struct, IFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        var units = memory.Length;
        Span<V> padded = stackalloc V[10];
        padded.Clear();
        var lanes = MemoryMarshal.Cast<V, T>(padded);
        for (var gate = 0; gate < 4; gate++)
        {
            gates[((gate * units) + start)..((gate + 1) * units)].CopyTo(lanes[(gate * V.Count)..]);
            contribution[((gate * units) + start)..((gate + 1) * units)].CopyTo(lanes[((gate + 4) * V.Count)..]);
        }
        memory[start..].CopyTo(lanes[(8 * V.Count)..]);
        Step<T, TSigmoid, TTanh, V>(lanes[..(4 * V.Count)], lanes[(4 * V.Count)..(8 * V.Count)], lanes.Slice(8 * V.Count, V.Count), lanes[(9 * V.Count)..]);
        lanes.Slice(8 * V.Count, units - start).CopyTo(memory[start..]);
        lanes.Slice(9 * V.Count, units - start).CopyTo(state[start..]);
    }
}
