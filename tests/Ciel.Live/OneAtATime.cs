// Real machines under emulation take whole cores: two tests side by side would time each other out.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
