using System.Runtime.CompilerServices;

namespace Asyncio;

// Waiting. Who is woken owns nothing yet: when its turn comes it looks again, and goes to the end of the line if another was faster.
public partial class AsyncQueue<T>
{
    private void BeUsedBy(EventLoop loop)
    {
        if (!ReferenceEquals(_home, loop))
        {
            _home = loop;
        }
    }

    private sealed class GetLeaf : WaiterLeaf<T>
    {
        [ThreadStatic]
        private static FramePool t_pool;

        private AsyncQueue<T>? _queue;

        internal override string Name => "AsyncQueue.GetAsync";

        internal static Coroutine<T> Create(AsyncQueue<T> queue)
        {
            var leaf = queue._spareGetter;
            if (leaf is not null && ReferenceEquals(EventLoop.t_running, queue._home))
            {
                queue._spareGetter = null;
            }
            else
            {
                leaf = Rent(queue);
            }

            leaf.Status = queue._count > 0 ? FrameStatus.Immediate : FrameStatus.Created;
            NeverAwaited.TrackIfDebug(leaf);
            return new Coroutine<T>(leaf);
        }

        protected override bool TryAtOnce(Strand strand)
        {
            var queue = _queue!;
            queue.BeUsedBy(strand.Loop);
            return queue.TryGet(out Result!);
        }

        protected override bool Begin(Strand strand)
        {
            var queue = _queue!;
            if (queue._count == 0)
            {
                return Wait(queue, strand);
            }

            Result = queue.Fetch();
            return true;
        }

        protected override bool Resume(Strand strand) => Status == FrameStatus.Failed || Begin(strand);

        protected override void Unlink() => _queue!._getters.Remove(this);

        protected override void GiveBack()
        {
            var queue = _queue!;
            if (queue._count > 0)
            {
                queue._getters.WakeFirst();
            }
        }

        internal override void Release()
        {
            var queue = _queue!;
            var ran = Waiter is not null || Status == FrameStatus.Succeeded; // then this is the loop's thread
            Waiter = null;
            Result = default!;
            if (ran && queue._spareGetter is null)
            {
                Renew();
                queue._spareGetter = this;
                return;
            }

            _queue = null;
            t_pool.Return(this);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static GetLeaf Rent(AsyncQueue<T> queue)
        {
            var leaf = Unsafe.As<GetLeaf?>(t_pool.Rent()) ?? new GetLeaf();
            leaf._queue = queue;
            return leaf;
        }

        private bool Wait(AsyncQueue<T> queue, Strand strand)
        {
            if (queue._shutDown)
            {
                throw new QueueShutDownException();
            }

            queue._binding.Bind(strand.Loop, queue);
            queue._getters.Append(this);
            return false;
        }
    }

    private sealed class PutLeaf : WaiterLeaf<Unit>
    {
        [ThreadStatic]
        private static FramePool t_pool;

        private AsyncQueue<T>? _queue;
        private T _item = default!;

        internal override string Name => "AsyncQueue.PutAsync";

        internal static Coroutine Create(AsyncQueue<T> queue, T item)
        {
            var leaf = queue._sparePutter;
            if (leaf is not null && ReferenceEquals(EventLoop.t_running, queue._home))
            {
                queue._sparePutter = null;
            }
            else
            {
                leaf = Rent(queue);
            }

            leaf._item = item;
            leaf.Status = queue.IsFull ? FrameStatus.Created : FrameStatus.Immediate;
            NeverAwaited.TrackIfDebug(leaf);
            return new Coroutine(leaf, leaf.Version);
        }

        protected override bool TryAtOnce(Strand strand)
        {
            var queue = _queue!;
            queue.BeUsedBy(strand.Loop);
            return queue.TryPut(_item);
        }

        protected override bool Begin(Strand strand)
        {
            var queue = _queue!;
            if (queue._shutDown || queue.IsFull)
            {
                return Wait(queue, strand);
            }

            queue.Store(_item);
            return true;
        }

        protected override bool Resume(Strand strand) => Status == FrameStatus.Failed || Begin(strand);

        protected override void Unlink() => _queue!._putters.Remove(this);

        protected override void GiveBack()
        {
            var queue = _queue!;
            if (!queue.IsFull)
            {
                queue._putters.WakeFirst();
            }
        }

        internal override void Release()
        {
            var queue = _queue!;
            var ran = Waiter is not null || Status == FrameStatus.Succeeded; // then this is the loop's thread
            Waiter = null;
            _item = default!;
            if (ran && queue._sparePutter is null)
            {
                Renew();
                queue._sparePutter = this;
                return;
            }

            _queue = null;
            t_pool.Return(this);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static PutLeaf Rent(AsyncQueue<T> queue)
        {
            var leaf = Unsafe.As<PutLeaf?>(t_pool.Rent()) ?? new PutLeaf();
            leaf._queue = queue;
            return leaf;
        }

        private bool Wait(AsyncQueue<T> queue, Strand strand)
        {
            if (queue._shutDown)
            {
                throw new QueueShutDownException();
            }

            queue._binding.Bind(strand.Loop, queue);
            queue._putters.Append(this);
            return false;
        }
    }
}
