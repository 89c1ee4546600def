/** `map` for asynchronous work with at most `limit` pieces under way; results stand in the order of the items. */
export async function boundedMap<T, R>(
    items: Iterable<T>,
    limit: number,
    work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
    const results: R[] = [];
    const queue = [...items].entries();
    const lane = async () => {
        for (const [index, item] of queue) results[index] = await work(item);
    };
    await Promise.all(Array.from({ length: Math.max(1, limit) }, lane));
    return results;
}
