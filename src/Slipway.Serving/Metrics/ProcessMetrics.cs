using System.Diagnostics;
using System.Globalization;

namespace Slipway.Serving;

/// <summary>Processor time, memory, collections and threads of this process.</summary>
internal sealed class ProcessMetrics : IMetricSource
{
    public void WriteTo(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "User and system processor time.").Sample(process.TotalProcessorTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Memory in use.").Sample(process.WorkingSet64);
        text.Family("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.").Sample((process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        text.Family("process_threads", "gauge", "Threads of the process.").Sample(process.Threads.Count);
        text.Family("dotnet_gc_heap_bytes", "gauge", "Managed memory in use.").Sample(GC.GetTotalMemory(forceFullCollection: false));
        text.Family("dotnet_gc_allocated_bytes_total", "counter", "Managed memory allocated.").Sample(GC.GetTotalAllocatedBytes());
        text.Family("dotnet_gc_pause_seconds_total", "counter", "Time in which a collection stopped everything.").Sample(GC.GetTotalPauseDuration().TotalSeconds);
        text.Family("dotnet_gc_collections_total", "counter", "Garbage collections, by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample(GC.CollectionCount(generation), ("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }
        text.Family("dotnet_threadpool_queue_length", "gauge", "Work items that wait for a thread.").Sample(ThreadPool.PendingWorkItemCount);
    }
}
